import type { ConfusionMatrix } from './confusionMatrix.ts';
import { meanOfKnown } from './meanOfKnown.ts';

/*
 * With tp the pixels of a class that were predicted as it, truth all its true pixels and predicted all that
 * were predicted as it (ignored pixels in neither; unassigned predictions in truth only):
 *   IoU = tp / (truth + predicted - tp), recall = tp / truth, precision = tp / predicted,
 *   F1 = 2 tp / (truth + predicted).
 * A figure whose denominator is 0 is null: never 0, never 1. Arrays are in the order of matrix.ids.
 */

/** Intersection over union per class; null for a class that is in neither truth nor prediction. */
export function perClassIou(matrix: ConfusionMatrix): (number | null)[] {
  return perClass(matrix, (tp, truth, predicted) => [tp, truth + predicted - tp]);
}

/** The share of a class's predicted pixels that are right; null where it was never predicted. */
export function perClassPrecision(matrix: ConfusionMatrix): (number | null)[] {
  return perClass(matrix, (tp, _truth, predicted) => [tp, predicted]);
}

/** The share of a class's true pixels that were found (mmsegmentation's Acc); null where it has none. */
export function perClassRecall(matrix: ConfusionMatrix): (number | null)[] {
  return perClass(matrix, (tp, truth) => [tp, truth]);
}

/** Harmonic mean of precision and recall (the Dice coefficient); null where neither side has the class. */
export function perClassF1(matrix: ConfusionMatrix): (number | null)[] {
  return perClass(matrix, (tp, truth, predicted) => [2 * tp, truth + predicted]);
}

/** Each class's share of all counted true pixels, 0 to 1; null where nothing was counted. */
export function classShare(matrix: ConfusionMatrix): (number | null)[] {
  const total = countedPixels(matrix);
  return perClass(matrix, (_tp, truth) => [truth, total]);
}

/**
 * Mean of the per-class IoU over the classes with a union above 0, from the counts of the whole data set
 * (not a mean over images): mmsegmentation's mIoU, a nanmean. A class that was predicted but is nowhere true
 * counts as 0; one that is in neither does not count. null where no class counts.
 */
export function meanIou(matrix: ConfusionMatrix): number | null {
  return meanOfKnown(perClassIou(matrix));
}

/** The share of counted pixels that are right (mmsegmentation's aAcc); null where nothing was counted. */
export function pixelAccuracy(matrix: ConfusionMatrix): number | null {
  let right = 0;
  for (let index = 0; index < matrix.classCount; index++) right += matrix.at(index, index);
  const total = countedPixels(matrix);
  return total === 0 ? null : right / total;
}

/**
 * The per-class IoU weighted by each class's share of the true pixels (Long et al. 2015's frequency weighted IU):
 * a class that is nowhere true has no weight. null where nothing was counted.
 */
export function frequencyWeightedIou(matrix: ConfusionMatrix): number | null {
  const shares = classShare(matrix);
  if (shares.every((share) => share === null)) return null;
  return perClassIou(matrix).reduce<number>((sum, iou, index) => sum + (iou ?? 0) * (shares[index] ?? 0), 0);
}

/** Pixels whose truth is one of the classes. */
export function countedPixels(matrix: ConfusionMatrix): number {
  return matrix.counts.reduce((sum, count) => sum + count, 0);
}

function perClass(
  matrix: ConfusionMatrix,
  fraction: (tp: number, truth: number, predicted: number) => readonly [part: number, whole: number],
): (number | null)[] {
  return matrix.ids.map((_id, index) => {
    const tp = matrix.at(index, index);
    const [part, whole] = fraction(tp, matrix.truthTotal(index), matrix.predictedTotal(index));
    return whole === 0 ? null : part / whole;
  });
}
