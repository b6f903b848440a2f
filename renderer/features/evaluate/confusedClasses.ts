import type { ConfusionMatrix } from '#core/metrics/confusionMatrix.ts';

/** Cells that can be looked at: more classes than this are cut to those with the most confused pixels. */
export const MOST_CLASSES = 28;

/** Rows of the matrix that are shown, in its order: of many classes those that are confused most. */
export function shownClasses(matrix: ConfusionMatrix, most = MOST_CLASSES): readonly number[] {
  const all = matrix.ids.map((_, index) => index);
  if (all.length <= most) return all;
  const errors = all.map((index) => {
    const right = matrix.at(index, index);
    return matrix.truthTotal(index) + matrix.predictedTotal(index) - 2 * right;
  });
  const worst = [...all].sort((a, b) => errors[b]! - errors[a]! || a - b).slice(0, most);
  return worst.sort((a, b) => a - b);
}
