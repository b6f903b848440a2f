import { formatProblem } from '#core/problem.ts';
import type { ModelInfo } from '#core/models/modelInfo.ts';
import { useState } from 'react';
import { addModelFile, addModelFolder, chooseModel } from '../../store/chooseModel.ts';
import { useDialog } from '../../store/useDialog.ts';
import { useModels, type ModelSlot } from '../../store/useModels.ts';
import { useResults } from '../../store/useResults.ts';
import { bytes, macs, parameters } from '../../ui/format.ts';
import { Icon } from '../../ui/icons/Icon.tsx';
import { BackendPanel } from './BackendPanel.tsx';
import { DescribeDialog } from './DescribeDialog.tsx';
import { HubButton } from './HubButton.tsx';
import { ModelChoices } from './ModelChoices.tsx';
import './models.css';

/** The models that are known, what they are, which is in use, and what they run on. */
export function ModelsPlace() {
  const models = useModels((state) => state.models);
  const [asked, setAsked] = useState<string | null>(null);
  const described = models.find(({ id, found }) => id === asked && found);
  return (
    <section className="models" aria-label="Models">
      <div className="models-inner">
        <div className="models-head">
          <h1>Models</h1>
          <div className="models-actions">
            <button
              type="button"
              className="button"
              data-testid="add-model"
              onClick={() => void addModelFolder()}
            >
              <Icon name="plus" /> Add a model folder
            </button>
            <button
              type="button"
              className="button"
              data-testid="add-model-file"
              onClick={() => void addModelFile()}
            >
              <Icon name="plus" /> Add an ONNX file
            </button>
            <HubButton />
            <button
              type="button"
              className="button"
              data-testid="prune-model"
              disabled={models.length === 0}
              onClick={() => useDialog.getState().show('prune')}
            >
              Make a student…
            </button>
          </div>
        </div>
        {models.length === 0 ? (
          <div className="empty">
            <p>
              No model is listed. Add a folder with <code>config.json</code>,{' '}
              <code>preprocessor_config.json</code> and <code>onnx/model.onnx</code>, as transformers.js has
              them, or any ONNX file for semantic segmentation. Both can be dropped here.
            </p>
          </div>
        ) : (
          <div className="models-scroll">
            <table className="models-table">
              <thead>
                <tr>
                  <th scope="col">Use as</th>
                  <th scope="col">Model</th>
                  <th scope="col" className="number">
                    Keep
                  </th>
                  <th scope="col" className="number">
                    Classes
                  </th>
                  <th scope="col" className="number">
                    Parameters
                  </th>
                  <th scope="col" className="number">
                    Multiply-adds
                  </th>
                  <th scope="col" className="number">
                    File
                  </th>
                  <th scope="col">Licence</th>
                </tr>
              </thead>
              <tbody>
                {models.map((model) => (
                  <ModelRow key={model.id} model={model} describe={() => setAsked(model.id)} />
                ))}
              </tbody>
            </table>
          </div>
        )}
        <BackendPanel />
      </div>
      {described?.found && (
        <DescribeDialog model={described} found={described.found} close={() => setAsked(null)} />
      )}
    </section>
  );
}

function ModelRow({ model, describe }: { readonly model: ModelInfo; readonly describe: () => void }) {
  const broken = model.problems.some((problem) => problem.severity === 'error');
  const run = useResults((state) => lastRun(state.runs, model.id));
  const count = run?.parameters ?? model.card?.parameters ?? null;
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
          <div className="model-name">{model.name}</div>
          <div
            className="faint selectable model-folder"
            title={`${model.onnxFile}\nsha256 ${model.fileSha256 ?? model.sha256}`}
          >
            {model.embedded ? 'comes with the studio' : (model.source ?? model.folder)} ·{' '}
            {(model.fileSha256 ?? model.sha256).slice(0, 12)}
          </div>
          {!model.embedded && <ModelChoices model={model} describe={describe} />}
        </td>
        <td className="number">{model.card ? model.card.keepRatio.toFixed(2) : '–'}</td>
        <td className="number" title={model.classTable.classes.map((entry) => entry.name).join(', ')}>
          {model.classTable.classes.length}
        </td>
        <td className="number">{count === null ? '–' : parameters(count)}</td>
        <td className="number">
          {run?.macs == null ? (
            <span className="faint">not run yet</span>
          ) : (
            <>
              {macs(run.macs)}
              <div className="faint">
                at {run.inputWidth} × {run.inputHeight}
              </div>
            </>
          )}
        </td>
        <td className="number">{bytes(model.bytes)}</td>
        <td className="licence" title={model.card?.licence}>
          {model.card?.licence ?? <span className="faint">not stated</span>}
        </td>
      </tr>
      {model.problems.map((problem) => (
        <tr key={problem.code} className="model-problem">
          <td />
          <td colSpan={7} className={problem.severity}>
            {formatProblem(problem)}
          </td>
        </tr>
      ))}
    </>
  );
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
