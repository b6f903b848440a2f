import type { CalibrationCounts } from '../evaluation/imageResult.ts';
import type { ConfidenceMap } from '../imaging/confidenceMap.ts';
import type { ClassIds } from '../mask/classMap.ts';
import type { BoundaryClasses } from './boundary.ts';

/** As in Guo et al. 2017. */
export const CALIBRATION_BINS = 15;

/**
 * The pixels of one picture by their confidence, in CALIBRATION_BINS bins of equal width; bin b holds
 * b/15 <= confidence < (b + 1)/15, the last one 1 too. Pixels whose truth is not counted are left out.
 * Confidences have 8 bits: see confidenceMap.
 */
export function calibrationCounts(
  truth: ClassIds,
  predicted: ClassIds,
  confidence: Pick<ConfidenceMap, 'probability'>,
  classes: BoundaryClasses,
): CalibrationCounts {
  const counted = new Uint8Array(65536);
  for (const id of classes.ids) counted[id] = 1;
  counted[classes.ignoreId] = 0;
  const pixels = new Float64Array(256);
  const right = new Float64Array(256);
  for (let n = 0; n < truth.length; n++) {
    if (!counted[truth[n]!]) continue;
    const level = confidence.probability[n]!;
    pixels[level]! += 1;
    if (truth[n] === predicted[n]) right[level]! += 1;
  }
  const sums = noCalibrationCounts();
  for (let level = 0; level < 256; level++) {
    const bin = Math.min(CALIBRATION_BINS - 1, Math.floor((level * CALIBRATION_BINS) / 255));
    sums.pixels[bin]! += pixels[level]!;
    sums.right[bin]! += right[level]!;
    sums.confidence[bin]! += pixels[level]! * level;
  }
  return sums;
}

/** The counts of no picture. */
export function noCalibrationCounts(): { [K in keyof CalibrationCounts]: number[] } {
  const zeros = () => Array<number>(CALIBRATION_BINS).fill(0);
  return { pixels: zeros(), right: zeros(), confidence: zeros() };
}

/** Adds a picture's counts to the sums of others. */
export function addCalibrationCounts(
  sums: ReturnType<typeof noCalibrationCounts>,
  { pixels, right, confidence }: CalibrationCounts,
): void {
  for (let bin = 0; bin < CALIBRATION_BINS; bin++) {
    sums.pixels[bin]! += pixels[bin] ?? 0;
    sums.right[bin]! += right[bin] ?? 0;
    sums.confidence[bin]! += confidence[bin] ?? 0;
  }
}

export interface ReliabilityBin {
  readonly from: number;
  readonly to: number;
  readonly pixels: number;
  /** Mean confidence and share of right pixels, 0 to 1; null for an empty bin. */
  readonly confidence: number | null;
  readonly accuracy: number | null;
}

/** The reliability curve (Guo et al. 2017): accuracy over confidence; a calibrated model lies on the diagonal. */
export function reliabilityCurve({ pixels, right, confidence }: CalibrationCounts): ReliabilityBin[] {
  return pixels.map((count, bin) => ({
    from: bin / pixels.length,
    to: (bin + 1) / pixels.length,
    pixels: count,
    confidence: count === 0 ? null : confidence[bin]! / 255 / count,
    accuracy: count === 0 ? null : right[bin]! / count,
  }));
}

/**
 * Expected calibration error, 0 to 1: the mean over pixels of |accuracy - confidence| of their bin.
 * null where nothing was counted.
 */
export function calibrationError(counts: CalibrationCounts): number | null {
  const total = counts.pixels.reduce((sum, pixels) => sum + pixels, 0);
  if (total === 0) return null;
  let error = 0;
  counts.pixels.forEach((_pixels, bin) => {
    error += Math.abs(counts.right[bin]! - counts.confidence[bin]! / 255) / total;
  });
  return error;
}
