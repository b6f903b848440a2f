/**
 * How far the class probabilities of `other` are from those of `reference`: mean over the positions of the
 * Kullback-Leibler divergence, in nats. 0 where they are the same.
 *
 * @param reference, @param other logits [classes, positions]
 */
export function divergence(reference: Float32Array, other: Float32Array, classes: number): number {
  const positions = reference.length / classes;
  let total = 0;
  for (let p = 0; p < positions; p++) {
    const a = logSum(reference, classes, positions, p);
    const b = logSum(other, classes, positions, p);
    for (let c = 0; c < classes; c++) {
      const at = c * positions + p;
      const logP = reference[at]! - a;
      total += Math.exp(logP) * (logP - (other[at]! - b));
    }
  }
  // Never below zero but for rounding.
  return Math.max(0, total / positions);
}

/** Share of positions whose largest class is the same, 0 to 1; the first of equal ones counts. */
export function agreementShare(reference: Float32Array, other: Float32Array, classes: number): number {
  const positions = reference.length / classes;
  let same = 0;
  for (let p = 0; p < positions; p++) {
    if (largest(reference, classes, positions, p) === largest(other, classes, positions, p)) same += 1;
  }
  return same / positions;
}

function largest(logits: Float32Array, classes: number, positions: number, p: number): number {
  let best = 0;
  for (let c = 1; c < classes; c++) {
    if (logits[c * positions + p]! > logits[best * positions + p]!) best = c;
  }
  return best;
}

function logSum(logits: Float32Array, classes: number, positions: number, p: number): number {
  let top = -Infinity;
  for (let c = 0; c < classes; c++) top = Math.max(top, logits[c * positions + p]!);
  let sum = 0;
  for (let c = 0; c < classes; c++) sum += Math.exp(logits[c * positions + p]! - top);
  return top + Math.log(sum);
}
