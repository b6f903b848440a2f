import type { Contestant, EvaluationPlan, EvaluationSettings } from '#core/evaluation/evaluationPlan.ts';
import type { ClassChoices } from '#core/labels/translateIds.ts';
import type { ModelInfo } from '#core/models/modelInfo.ts';

/** What is chosen in the form of a new run. */
export interface PlanDraft {
  /** null: no teacher, the models are only measured against the truth. */
  readonly teacherId: string | null;
  /** Keep ratios by the id of a student; null among them: as its file has it. */
  readonly students: ReadonlyMap<string, ReadonlySet<number | null>>;
  readonly settings: EvaluationSettings;
}

/** The ratios that are offered of a student with gates beside the one that it was trained at. */
export const KEEP_RATIOS: readonly number[] = [1, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3];

/** Whether a model's keep ratio can be chosen. */
export const hasGates = ({ card }: ModelInfo): boolean => (card?.gates.length ?? 0) > 0;

/** The ratios of a model that are offered: that of its file is `null`, wherever it lies among them. */
export function offeredRatios(model: ModelInfo): readonly (number | null)[] {
  if (!hasGates(model)) return [null];
  const trained = model.card?.keepRatio ?? 1;
  return [null, ...KEEP_RATIOS.filter((ratio) => Math.abs(ratio - trained) > 0.001)];
}

/** The models that can run. */
export const usableModels = (models: readonly ModelInfo[]): readonly ModelInfo[] =>
  models.filter((model) => !model.problems.some(({ severity }) => severity === 'error'));

/** The draft with a student's ratio in it, or without it. */
export function toggleRatio(draft: PlanDraft, modelId: string, ratio: number | null): PlanDraft {
  const ratios = new Set(draft.students.get(modelId));
  if (!ratios.delete(ratio)) ratios.add(ratio);
  const students = new Map(draft.students).set(modelId, ratios);
  return { ...draft, students };
}

/** The plan of a draft: the teacher first, then the students in the order of the list, most kept first. */
export function planOf(
  draft: PlanDraft,
  models: readonly ModelInfo[],
  /** What was chosen for a model's classes. */
  choicesOf: (model: ModelInfo) => ClassChoices = () => ({}),
): EvaluationPlan {
  const contestants: Contestant[] = [];
  const add = (model: ModelInfo, role: Contestant['role'], keepRatio: number | null): void => {
    const { id: modelId, name, sha256 } = model;
    const map = { ...choicesOf(model) };
    const mapped = Object.keys(map).length > 0 && { map };
    contestants.push({ modelId, name, role, sha256, keepRatio, ...mapped });
  };
  const teacher = models.find(({ id }) => id === draft.teacherId);
  if (teacher) add(teacher, 'teacher', null);
  for (const model of models) {
    if (model.id === draft.teacherId) continue;
    const trained = model.card?.keepRatio ?? 1;
    const ratios = [...(draft.students.get(model.id) ?? [])];
    ratios.sort((a, b) => (b ?? trained) - (a ?? trained));
    for (const ratio of ratios) add(model, 'student', ratio);
  }
  return { contestants, settings: draft.settings };
}

/** What a run is called where nobody says: `B0 Street · k70 at 0.7, 0.5`. */
export function planName({ contestants }: EvaluationPlan): string {
  const byModel = new Map<string, (number | null)[]>();
  for (const { name, keepRatio } of contestants) byModel.set(name, [...(byModel.get(name) ?? []), keepRatio]);
  const parts = [...byModel].map(([name, ratios]) => {
    const known = ratios.map((ratio) => (ratio === null ? 'as trained' : String(ratio)));
    return ratios.length === 1 && ratios[0] === null ? name : `${name} at ${known.join(', ')}`;
  });
  return parts.join(' · ').slice(0, 120);
}
