import { useState } from 'react';
import { formatProblem } from '#core/problem.ts';
import type { ModelInfo } from '#core/models/modelInfo.ts';
import { chooseModel } from '../../store/chooseModel.ts';
import { useModelFacts } from '../../store/useModelFacts.ts';
import { useModels, type ModelSlot } from '../../store/useModels.ts';
import { useResults } from '../../store/useResults.ts';
import { bytes, macs, parameters } from '../../ui/format.ts';
import { Icon } from '../../ui/icons/Icon.tsx';
import { ModelChoices } from './ModelChoices.tsx';
import { ModelDetails } from './ModelDetails.tsx';
import { ParityMark } from './ParityMark.tsx';

interface ModelRowProps {
  readonly model: ModelInfo;
  readonly describe: () => void;
  readonly remove: () => void;
}

/** A model in the list: what it is for, what it is, what it costs, whether it is to be trusted; more on demand. */
export function ModelRow({ model, describe, remove }: ModelRowProps) {
  const [open, setOpen] = useState(false);
  const facts = useModelFacts((state) => state.facts.get(model.sha256));
  const broken = model.problems.some((problem) => problem.severity === 'error');
  const run = useResults((state) => lastRun(state.runs, model.id));
  const count = run?.parameters ?? facts?.parameters ?? model.card?.parameters ?? null;
  const cost =
    run?.macs != null
      ? { macs: run.macs, width: run.inputWidth, height: run.inputHeight }
      : facts?.macs != null
        ? { macs: facts.macs, ...facts.size }
        : null;
  const licence = model.card?.licence ?? model.hub?.licence;
  return (
    <>
      <tr className={broken ? 'broken' : ''} data-testid={`model-${model.id}`}>
        <td>
          <span className="use-as">
            <UseButton slot="teacher" model={model} disabled={broken} />
            <UseButton slot="student" model={model} disabled={broken} />
          </span>
        </td>
        <td>
          <button
            type="button"
            className="model-name"
            aria-expanded={open}
            data-testid={`more-${model.id}`}
            onClick={() => setOpen(!open)}
          >
            <Icon name="chevron" size={12} /> {model.name}
          </button>
          <div
            className="faint selectable model-folder"
            title={`${model.onnxFile}\nsha256 ${model.fileSha256 ?? model.sha256}`}
          >
            {placeOf(model)} · {(model.fileSha256 ?? model.sha256).slice(0, 12)}
          </div>
          {!model.embedded && <ModelChoices model={model} describe={describe} />}
        </td>
        <td className="number">{model.card ? model.card.keepRatio.toFixed(2) : '–'}</td>
        <td className="number" title={model.classTable.classes.map((entry) => entry.name).join(', ')}>
          {model.classTable.classes.length}
        </td>
        <td className="number">{count === null ? '–' : parameters(count)}</td>
        <td className="number">
          {cost === null ? (
            <span className="faint">unknown</span>
          ) : (
            <>
              {macs(cost.macs)}
              <div className="faint">
                at {cost.width} × {cost.height}
              </div>
            </>
          )}
        </td>
        <td className="number">{bytes(model.bytes)}</td>
        <td>{!broken && <ParityMark model={model} />}</td>
        <td className="licence" title={licence ?? undefined}>
          {licence ?? <span className="faint">not stated</span>}
        </td>
      </tr>
      {open && (
        <tr className="model-more">
          <td />
          <td colSpan={8}>
            <ModelDetails model={model} remove={remove} />
          </td>
        </tr>
      )}
      {model.problems.map((problem) => (
        <tr key={problem.code} className="model-problem">
          <td />
          <td colSpan={8} className={problem.severity}>
            {formatProblem(problem)}
          </td>
        </tr>
      ))}
    </>
  );
}

/** Where it comes from; the path of a download is in the details. */
function placeOf({ embedded, hub, source, folder }: ModelInfo): string {
  if (embedded) return 'comes with the studio';
  return hub ? `downloaded from ${hub.endpoint.replace(/^https?:[/][/]/, '')}` : (source ?? folder);
}

function UseButton({
  slot,
  model,
  disabled,
}: {
  readonly slot: ModelSlot;
  readonly model: ModelInfo;
  readonly disabled: boolean;
}) {
  const chosen = useModels((state) => (slot === 'teacher' ? state.teacherId : state.studentId) === model.id);
  return (
    <button
      type="button"
      className={`use-button ${slot}`}
      aria-pressed={chosen}
      disabled={disabled}
      data-testid={`use-${slot}-${model.id}`}
      onClick={() => chooseModel(slot, model.id)}
    >
      {slot === 'teacher' ? 'Teacher' : 'Student'}
    </button>
  );
}

function lastRun(runs: ReturnType<typeof useResults.getState>['runs'], modelId: string) {
  for (const state of runs.values()) {
    if (state.status === 'done' && state.run.modelId === modelId) return state.run;
  }
  return null;
}
