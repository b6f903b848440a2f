import type { ClassTable } from '../labels/classTable.ts';
import { perClassBoundaryF, perClassBoundaryIou } from '../metrics/boundary.ts';
import { calibrationError } from '../metrics/calibration.ts';
import { ConfusionMatrix } from '../metrics/confusionMatrix.ts';
import { meanIou, pixelAccuracy } from '../metrics/iou.ts';
import { meanOfKnown } from '../metrics/meanOfKnown.ts';
import type { ImageMetric } from './imageMetric.ts';
import type { ImageResult, StepMilliseconds } from './imageResult.ts';
import { keptShare } from './packedGates.ts';
import { addSparseCounts } from './sparseCounts.ts';

export type ImageMetrics = Readonly<Record<ImageMetric, number | null>>;

/**
 * The figures of one contestant on one image; `gateDistance` needs the whole folder and is null here.
 *
 * @param reference the reference's result on the image; null for the reference itself and where there is none
 */
export function imageMetrics(
  result: ImageResult,
  reference: ImageResult | null,
  table: ClassTable,
): ImageMetrics {
  const own = qualityOf(result, table);
  const other = reference && qualityOf(reference, table);
  const drop = (from: number | null | undefined, to: number | null): number | null =>
    from == null || to === null ? null : from - to;
  const agreed = result.reference && matrixOf(result.reference.confusion, table);
  const divergence = result.reference?.divergence ?? null;
  const equal = agreed && pixelAccuracy(agreed);
  return {
    miou: own.miou,
    pixelAccuracy: own.accuracy,
    boundaryIou: result.truth && meanOfKnown(perClassBoundaryIou(result.truth.boundary)),
    boundaryF: result.truth && meanOfKnown(perClassBoundaryF(result.truth.boundary)),
    miouDrop: drop(other?.miou, own.miou),
    accuracyDrop: drop(other?.accuracy, own.accuracy),
    worstRegion: result.truth || result.reference ? (result.worst?.area ?? 0) : null,
    disputed: equal === null ? null : 1 - equal,
    divergence: divergence && divergence.sum / divergence.positions,
    calibrationError: result.calibration && calibrationError(result.calibration),
    milliseconds: totalMilliseconds(result.ms),
    macs: result.macs,
    kept: result.gates && keptShare(result.gates),
    gateDistance: null,
  };
}

export function totalMilliseconds({ decode, preprocess, inference, postprocess }: StepMilliseconds): number {
  return decode + preprocess + inference + postprocess;
}

function qualityOf(
  { truth }: ImageResult,
  table: ClassTable,
): { miou: number | null; accuracy: number | null } {
  const matrix = truth && matrixOf(truth.confusion, table);
  return { miou: matrix && meanIou(matrix), accuracy: matrix && pixelAccuracy(matrix) };
}

function matrixOf(cells: readonly number[], table: ClassTable): ConfusionMatrix {
  const matrix = new ConfusionMatrix(table);
  addSparseCounts(matrix, cells);
  return matrix;
}
