import type { ClassIds } from '../mask/classMap.ts';
import { ProblemError } from '../problem.ts';

/** What became of a picture's pixels. */
export interface Flips {
  readonly pixels: number;
  /** Pixels of another class than before. */
  readonly changed: number;
  /** Of them: those that are what the reference says now, and those that were. Both 0 without a reference. */
  readonly won: number;
  readonly lost: number;
}

/**
 * Counts the pixels that flip between two class maps with the same class ids.
 *
 * @param reference truth or teacher, in the same ids; pixels where it says `ignoreId` are neither won nor lost
 * @throws ProblemError `mask.size`
 */
export function countFlips(
  before: ClassIds,
  after: ClassIds,
  reference: ClassIds | null,
  ignoreId: number,
): Flips {
  if (after.length !== before.length || (reference && reference.length !== before.length)) {
    throw new ProblemError({
      code: 'mask.size',
      title: `class maps of ${before.length}, ${after.length} and ${reference?.length ?? before.length} pixels cannot be compared`,
    });
  }
  let [changed, won, lost] = [0, 0, 0];
  for (let n = 0; n < before.length; n++) {
    if (before[n] === after[n]) continue;
    changed++;
    const wanted = reference?.[n];
    if (wanted === undefined || wanted === ignoreId) continue;
    if (after[n] === wanted) won++;
    else if (before[n] === wanted) lost++;
  }
  return { pixels: before.length, changed, won, lost };
}
