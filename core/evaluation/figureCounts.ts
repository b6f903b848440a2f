import type { ClassTable } from '../labels/classTable.ts';
import { BOUNDARY_KEYS, countsBy, perClassBoundaryF, perClassBoundaryIou } from '../metrics/boundary.ts';
import type { ConfusionMatrix } from '../metrics/confusionMatrix.ts';
import { frequencyWeightedIou, meanIou, pixelAccuracy } from '../metrics/iou.ts';
import { meanOfKnown } from '../metrics/meanOfKnown.ts';
import { HEADLINES, type Headline } from './evaluationFigures.ts';
import type { BoundaryCounts, ImageResult } from './imageResult.ts';

/*
 * What the bootstrap adds up of an image: of each class the pixels that are right, true and predicted, and its
 * boundary counts. All headline figures follow from them; a whole confusion matrix would be many times as much.
 */
const PER_CLASS = 9;

/** Numbers that writeCounts writes. */
export function countColumns({ classes }: ClassTable): number {
  return PER_CLASS * classes.length;
}

/** Adds an image's counts to `target` from `offset` on. Nothing of an image without truth. */
export function writeCounts(
  { truth }: ImageResult,
  { classes }: ClassTable,
  target: Float64Array,
  offset: number,
): void {
  if (!truth) return;
  const stride = classes.length + 1;
  for (let at = 0; at + 1 < truth.confusion.length; at += 2) {
    const cell = truth.confusion[at]!;
    const pixels = truth.confusion[at + 1]!;
    const row = Math.floor(cell / stride);
    const column = cell % stride;
    if (row >= classes.length) continue;
    if (row === column) target[offset + row * PER_CLASS]! += pixels;
    target[offset + row * PER_CLASS + 1]! += pixels;
    if (column < classes.length) target[offset + column * PER_CLASS + 2]! += pixels;
  }
  for (let n = 0; n < BOUNDARY_KEYS.length; n++) {
    const counts = truth.boundary[BOUNDARY_KEYS[n]!];
    for (let row = 0; row < counts.length; row++) target[offset + row * PER_CLASS + 3 + n]! += counts[row]!;
  }
}

/** The headline figures in their order, then each class's IoU, of counts that writeCounts added up. */
export function figuresOfCounts(counts: Float64Array, { classes }: ClassTable): (number | null)[] {
  let right = 0;
  let total = 0;
  let weighted = 0;
  const iou = classes.map((_, row) => {
    const [tp, truth, predicted] = [0, 1, 2].map((n) => counts[row * PER_CLASS + n]!) as [
      number,
      number,
      number,
    ];
    const union = truth + predicted - tp;
    right += tp;
    total += truth;
    if (union === 0) return null;
    weighted += truth * (tp / union);
    return tp / union;
  });
  const boundary = countsBy((key) => {
    const column = 3 + BOUNDARY_KEYS.indexOf(key);
    return classes.map((_, row) => counts[row * PER_CLASS + column]!);
  });
  const values: Record<Headline, number | null> = {
    miou: meanOfKnown(iou),
    pixelAccuracy: total === 0 ? null : right / total,
    frequencyWeightedIou: total === 0 ? null : weighted / total,
    ...boundaryHeadlines(boundary),
  };
  return [...HEADLINES.map((name) => values[name]), ...iou];
}

/** The headline figures of whole matrices. */
export function headlineFigures(
  matrix: ConfusionMatrix,
  boundary: BoundaryCounts,
): Record<Headline, number | null> {
  return {
    miou: meanIou(matrix),
    pixelAccuracy: pixelAccuracy(matrix),
    frequencyWeightedIou: frequencyWeightedIou(matrix),
    ...boundaryHeadlines(boundary),
  };
}

function boundaryHeadlines(boundary: BoundaryCounts): Record<'boundaryIou' | 'boundaryF', number | null> {
  return {
    boundaryIou: meanOfKnown(perClassBoundaryIou(boundary)),
    boundaryF: meanOfKnown(perClassBoundaryF(boundary)),
  };
}
