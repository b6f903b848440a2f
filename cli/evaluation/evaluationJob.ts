import type { EvaluationPlan } from '#core/evaluation/evaluationPlan.ts';
import type { ClassTable } from '#core/labels/classTable.ts';
import type { ModelInfo } from '#core/models/modelInfo.ts';

/** Everything a process needs to measure images: it crosses to other processes as JSON. */
export interface EvaluationJob {
  readonly plan: EvaluationPlan;
  /** In the order of the plan. */
  readonly models: readonly ModelInfo[];
  readonly classTable: ClassTable;
  /** Absolute path of the folder that the images are in. */
  readonly folder: string;
  /** Absolute path; null: there is no ground truth. */
  readonly masks: string | null;
  /** Of each run; null: the default. */
  readonly threads: number | null;
}

/** An image to be measured: see ShardLine. */
export interface JobImage {
  readonly name: string;
  readonly place: number;
  readonly width: number;
  readonly height: number;
  readonly stamp: string;
}
