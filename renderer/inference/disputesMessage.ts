import type { Dispute } from '#core/disputes/findDisputes.ts';
import type { Logits } from '#core/imaging/postprocess.ts';
import type { ClassTable } from '#core/labels/classTable.ts';
import type { ClassMap } from '#core/mask/classMap.ts';
import type { Problem } from '#core/problem.ts';

/** What one model said of a picture. */
export interface DisputingRun {
  readonly classMap: ClassMap;
  readonly table: ClassTable;
  readonly logits: Logits;
}

export interface DisputesInput {
  readonly teacher: DisputingRun;
  readonly student: DisputingRun;
  /** The project's: the classes of the disputes are its. */
  readonly table: ClassTable;
  /** Pixels: smaller disputes are folded into their neighbours. */
  readonly smallest: number;
}

export interface DisputesRequest {
  readonly id: number;
  readonly input: DisputesInput;
}

export interface DisputesResponse {
  readonly id: number;
  readonly disputes: readonly Dispute[];
  readonly problem: Problem | null;
}
