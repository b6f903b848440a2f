import type { Logits } from '../imaging/logits.ts';

/** Kullback-Leibler divergence of two models' class probabilities where the model gave logits. */
export interface DivergenceMap {
  readonly width: number;
  readonly height: number;
  /** KL(reference || other) of each logit position, nats, at least 0. */
  readonly values: Float32Array;
  /** Of all positions. */
  readonly sum: number;
}

/**
 * KL(softmax(reference) || softmax(other)) at every logit position; null where the two differ in classes or size.
 * Hinton et al. 2015's loss of distillation at temperature 1.
 */
export function divergenceMap(reference: Logits, other: Logits): DivergenceMap | null {
  const { classes, width, height } = reference;
  if (other.classes !== classes || other.width !== width || other.height !== height) return null;
  const positions = width * height;
  const a = logSums(reference);
  const b = logSums(other);
  const totals = new Float64Array(positions);
  for (let c = 0, at = 0; c < classes; c++) {
    for (let p = 0; p < positions; p++, at++) {
      const logP = reference.logits[at]! - a[p]!;
      totals[p]! += Math.exp(logP) * (logP - (other.logits[at]! - b[p]!));
    }
  }
  let sum = 0;
  const values = new Float32Array(positions);
  for (let p = 0; p < positions; p++) {
    // Below zero by rounding alone.
    const value = Math.max(0, totals[p]!);
    values[p] = value;
    sum += value;
  }
  return { width, height, values, sum };
}

/** log of the sum of exp over the classes, for each position. */
function logSums({ logits, classes, width, height }: Logits): Float64Array {
  const positions = width * height;
  const top = new Float64Array(positions).fill(-Infinity);
  for (let c = 0, at = 0; c < classes; c++) {
    for (let p = 0; p < positions; p++, at++) if (logits[at]! > top[p]!) top[p] = logits[at]!;
  }
  const sums = new Float64Array(positions);
  for (let c = 0, at = 0; c < classes; c++) {
    for (let p = 0; p < positions; p++, at++) sums[p]! += Math.exp(logits[at]! - top[p]!);
  }
  for (let p = 0; p < positions; p++) sums[p] = top[p]! + Math.log(sums[p]!);
  return sums;
}
