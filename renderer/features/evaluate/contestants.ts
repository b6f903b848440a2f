import { referenceIndex, type Contestant, type EvaluationPlan } from '#core/evaluation/evaluationPlan.ts';

/** `keep 0.5`; null for a model that runs as its file is. */
export const keepLabel = ({ keepRatio }: Pick<Contestant, 'keepRatio'>): string | null =>
  keepRatio === null ? null : `keep ${keepRatio}`;

/** The shortest text that tells a contestant from the others of its plan. */
export function shortLabel({ contestants }: EvaluationPlan, index: number): string {
  const one = contestants[index];
  if (!one) return '';
  const keep = keepLabel(one) ?? 'as trained';
  const same = contestants.filter(({ modelId }) => modelId === one.modelId).length;
  const students = new Set(
    contestants.filter(({ role }) => role === 'student').map(({ modelId }) => modelId),
  );
  if (one.role === 'teacher') return 'teacher';
  if (students.size === 1 && same > 1) return keep;
  return same > 1 ? `${one.name}, ${keep}` : one.name;
}

/** CSS colour of a contestant: the teacher's, the student's for the one in focus, grey for the others. */
export function contestantColour(plan: EvaluationPlan, index: number, focus: number): string {
  if (index === referenceIndex(plan)) return 'var(--teacher)';
  return index === focus ? 'var(--student)' : 'var(--text-3)';
}
