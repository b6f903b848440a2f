import { useState } from 'react';
import { evaluationSettingsSchema, type TruthSource } from '#core/evaluation/evaluationPlan.ts';
import { SIZING_WORDS, type InputSizing } from '#core/inference/runSettings.ts';
import type { ModelInfo } from '#core/models/modelInfo.ts';
import { useEvaluation } from '../../store/useEvaluation.ts';
import { choicesOf } from '../../store/classChoices.ts';
import { useModels } from '../../store/useModels.ts';
import { useProject } from '../../store/useProject.ts';
import { useSettings } from '../../store/useSettings.ts';
import { NumberField } from '../../ui/NumberField.tsx';
import { Segmented } from '../../ui/Segmented.tsx';
import { count } from '../../ui/figureFormat.ts';
import './runForm.css';
import { IgnoredClasses } from './IgnoredClasses.tsx';
import {
  hasGates,
  offeredRatios,
  planName,
  planOf,
  toggleRatio,
  usableModels,
  type PlanDraft,
} from './planDraft.ts';

const TRUTHS: readonly { value: TruthSource; label: string; title: string }[] = [
  {
    value: 'corrected',
    label: 'Corrected, else files',
    title: 'The mask of the project where you changed it, else the ground-truth file',
  },
  {
    value: 'reviewed',
    label: 'Reviewed, else files',
    title: 'The mask of the project where its review is done or approved, else the ground-truth file',
  },
  { value: 'files', label: 'Files only', title: 'The ground-truth files alone' },
];

/** What is looked at first: the teacher and student of Compare, as trained and at half of the neurons. */
function firstDraft(models: readonly ModelInfo[]): PlanDraft {
  const { teacherId, studentId } = useModels.getState();
  const teacher = models.find(({ id }) => id === teacherId) ?? models.find(({ role }) => role === 'teacher');
  const student =
    models.find(({ id }) => id === studentId && id !== teacher?.id) ??
    models.find(({ role, id }) => role === 'student' && id !== teacher?.id);
  const ratios = student && hasGates(student) ? [null, 0.5] : [null];
  return {
    teacherId: teacher?.id ?? null,
    students: new Map(student ? [[student.id, new Set(ratios)]] : []),
    settings: evaluationSettingsSchema.parse({ optimise: useSettings.getState().settings.optimiseModels }),
  };
}

/** Which models, at which keep ratios, how: a new run over the folder that is open. */
export function RunForm() {
  const all = useModels((state) => state.models);
  const project = useProject((state) => state.project);
  const isBusy = useEvaluation((state) => state.isBusy);
  const runs = useEvaluation((state) => state.runs);
  const models = usableModels(all);
  const [draft, setDraft] = useState(() => firstDraft(models));
  const plan = planOf(draft, models, (model) => choicesOf(model));
  const [name, setName] = useState<string | null>(null);
  const images = project?.images.filter(({ problem }) => problem?.severity !== 'error') ?? [];
  const withTruth = images.filter(({ hasTruth }) => hasTruth).length;
  const change = (part: Partial<PlanDraft['settings']>): void =>
    setDraft({ ...draft, settings: { ...draft.settings, ...part } });
  const missing = missingFor(images.length, plan.contestants.length, project?.readOnly ?? false);
  const given = (name ?? '').trim();
  const { create, setUp } = useEvaluation.getState();

  return (
    <form
      className="run-form"
      data-testid="run-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (missing === null) void create(given === '' ? planName(plan) : given, plan);
      }}
    >
      <h1>Judge a student over this folder</h1>
      <p className="muted">
        {count(images.length)} images of {project?.name}
        {withTruth > 0
          ? `, ${count(withTruth)} with ground truth.`
          : '. Without ground truth you see how far students and teacher agree.'}{' '}
        It goes on behind whatever else you do, and can be paused.
      </p>

      <fieldset>
        <legend>Teacher</legend>
        <select
          className="select boxed"
          aria-label="Teacher"
          data-testid="run-teacher"
          value={draft.teacherId ?? ''}
          onChange={(event) =>
            setDraft({ ...draft, teacherId: event.target.value === '' ? null : event.target.value })
          }
        >
          {models.map((model) => (
            <option key={model.id} value={model.id}>
              {model.name}
            </option>
          ))}
          <option value="">None: against the ground truth alone</option>
        </select>
      </fieldset>

      <fieldset>
        <legend>Students, each at the keep ratios that are on</legend>
        {models
          .filter(({ id }) => id !== draft.teacherId)
          .map((model) => (
            <StudentRow key={model.id} model={model} draft={draft} onChange={setDraft} />
          ))}
        {models.length < 2 && (
          <p className="faint">There is no other model yet: add one in Models, or make a student there.</p>
        )}
      </fieldset>

      <IgnoredClasses plan={plan} />

      <fieldset className="run-settings">
        <legend>How</legend>
        <label className="run-setting">
          <span>Pictures</span>
          <select
            className="select boxed"
            value={draft.settings.sizing}
            title={SIZING_WORDS[draft.settings.sizing].says}
            onChange={(event) => change({ sizing: event.target.value as InputSizing })}
          >
            {Object.entries(SIZING_WORDS).map(([value, { label }]) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </select>
        </label>
        <div className="run-setting">
          <span>Truth</span>
          <Segmented
            label="Truth"
            value={draft.settings.truth}
            options={TRUTHS}
            onChange={(truth) => change({ truth })}
          />
        </div>
        <div className="run-setting">
          <span>Borders within</span>
          <NumberField
            label="Boundary width"
            title="How far from a border boundary IoU looks, and how far off a border may be for boundary F"
            testId="run-boundary"
            unit="px"
            min={1}
            max={64}
            value={draft.settings.boundaryWidth}
            onChange={(boundaryWidth) => change({ boundaryWidth })}
          />
        </div>
        <label className="run-setting">
          <span>Name</span>
          <input
            className="field"
            type="text"
            maxLength={120}
            placeholder={planName(plan)}
            data-testid="run-name"
            value={name ?? ''}
            onChange={(event) => setName(event.target.value)}
          />
        </label>
      </fieldset>

      <div className="run-form-foot">
        {missing !== null && <span className="muted">{missing}</span>}
        {(runs?.length ?? 0) > 0 && (
          <button type="button" className="button" onClick={() => setUp(false)}>
            Back
          </button>
        )}
        <button
          type="submit"
          className="button primary"
          data-testid="run-start"
          disabled={missing !== null || isBusy}
        >
          Measure {count(images.length)} images × {plan.contestants.length}
        </button>
      </div>
    </form>
  );
}

interface StudentRowProps {
  readonly model: ModelInfo;
  readonly draft: PlanDraft;
  readonly onChange: (draft: PlanDraft) => void;
}

function StudentRow({ model, draft, onChange }: StudentRowProps) {
  const chosen = draft.students.get(model.id);
  const trained = model.card?.keepRatio;
  return (
    <div className="student-row" role="group" aria-label={model.name}>
      <span className="ellipsis" title={model.name}>
        {model.name}
      </span>
      <span className="ratio-chips">
        {offeredRatios(model).map((ratio) => (
          <label key={ratio ?? 'file'} className="ratio-chip">
            <input
              type="checkbox"
              checked={chosen?.has(ratio) ?? false}
              data-testid={`run-${model.id}-${ratio ?? 'file'}`}
              onChange={() => onChange(toggleRatio(draft, model.id, ratio))}
            />
            {ratio ?? (hasGates(model) ? `as trained, ${trained ?? 1}` : 'take part')}
          </label>
        ))}
      </span>
    </div>
  );
}

/** What has to be done before it can start; null: nothing. */
function missingFor(images: number, contestants: number, readOnly: boolean): string | null {
  if (readOnly) return 'The project is open to be read only: results could not be kept.';
  if (images === 0) return 'This folder has no image that can be opened.';
  if (contestants === 0) return 'Choose at least one model.';
  return null;
}
