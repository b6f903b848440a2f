import type { MeasuredTask } from '#core/evaluation/measureImage.ts';
import type { EvaluationPlan } from '#core/evaluation/evaluationPlan.ts';
import type { MeasuredImage } from '#core/evaluation/evaluationTask.ts';
import type { RunFacts } from '#core/evaluation/imageResult.ts';
import type { Logits } from '#core/imaging/logits.ts';
import type { ClassTable } from '#core/labels/classTable.ts';
import type { ClassMap } from '#core/mask/classMap.ts';
import type { Problem } from '#core/problem.ts';

/** What measureImage works on, with every run that it needs done before. */
export interface MeasureJob {
  readonly plan: EvaluationPlan;
  readonly table: ClassTable;
  readonly modelTables: readonly ClassTable[];
  readonly task: MeasuredTask;
  /** In the order of the plan; null where the task has what an earlier run left. */
  readonly outputs: readonly ({
    readonly classMap: ClassMap;
    readonly logits: Logits;
    readonly facts: RunFacts;
  } | null)[];
}

export interface MeasureRequest {
  readonly id: number;
  readonly job: MeasureJob;
}

export type MeasureResponse =
  | { readonly id: number; readonly contestants: MeasuredImage['contestants'] }
  | { readonly id: number; readonly problem: Problem };
