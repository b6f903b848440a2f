import { resultKey, type EvaluationPlan } from '#core/evaluation/evaluationPlan.ts';
import type { EvaluationIndex } from './evaluationIndex.ts';
import type { EvaluationTable, ResultPiece } from './evaluationTable.ts';
import { nextTurn } from './nextTurn.ts';

/** Images of which a piece is read between two turns of other work: about 5 ms. */
const PIECES_AT_ONCE = 1024;

/** A run whose results are read. */
export interface MeasuredRun {
  readonly table: EvaluationTable;
  readonly plan: EvaluationPlan;
  readonly index: EvaluationIndex;
}

/** `row`: of the index. */
export type TakePiece = (row: number, bytes: Uint8Array) => void;

/** Hands over a piece of every image of a contestant that has it, in turns with other work. */
export async function readPieces(
  { table, plan, index }: MeasuredRun,
  { contestant, piece }: { readonly contestant: number; readonly piece: ResultPiece },
  take: TakePiece,
  turn: () => Promise<unknown> = nextTurn,
): Promise<void> {
  if (contestant >= plan.contestants.length) return;
  const keyId = table.keyId(resultKey(plan, contestant));
  for (const page of table.pieces(keyId, piece, PIECES_AT_ONCE)) {
    for (const { imageId, bytes } of page) {
      const row = index.row(imageId);
      if (row !== null) take(row, bytes);
    }
    await turn();
  }
}
