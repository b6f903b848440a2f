import type { Logits } from './logits.ts';

/** Of a class that no class of the model became: exp of it is 0, and it takes part in sums without harm. */
const NEVER = -1e4;

export interface MergeTarget {
  /** For each class of the model the class that it became: see idTranslation. */
  readonly translation: Uint16Array;
  /** What classes became that are in none. */
  readonly ignoreId: number;
  /** The largest id of a class, the ignore index apart. */
  readonly maxId: number;
}

/**
 * Logits in other classes: the softmax probability of a class is the sum of those of the model's classes that became it,
 * log(sum(exp)) of their logits. Class `id` is channel `id`; the last channel, maxId + 1, has what became no class, so that
 * the probabilities of the others are not made larger than the model said. NaN counts as never.
 */
export function mergeLogits(source: Logits, { translation, ignoreId, maxId }: MergeTarget): Logits {
  const { logits, classes, width, height } = source;
  const positions = width * height;
  const count = maxId + 2;
  const channelOf = (id: number): number => {
    const target = translation[id]!;
    return target === ignoreId || target > maxId ? maxId + 1 : target;
  };
  const members = Array.from({ length: count }, (): number[] => []);
  for (let id = 0; id < classes; id++) members[channelOf(id)]!.push(id);
  const merged = new Float32Array(count * positions).fill(NEVER);
  const sums = new Float64Array(positions);
  members.forEach((ids, channel) => {
    const target = merged.subarray(channel * positions, (channel + 1) * positions);
    for (const id of ids) {
      for (let at = id * positions, p = 0; p < positions; p++, at++) {
        if (logits[at]! > target[p]!) target[p] = logits[at]!;
      }
    }
    if (ids.length < 2) return;
    sums.fill(0);
    for (const id of ids) {
      for (let at = id * positions, p = 0; p < positions; p++, at++) {
        sums[p]! += Math.exp(logits[at]! - target[p]!) || 0;
      }
    }
    for (let p = 0; p < positions; p++) if (sums[p]! > 0) target[p]! += Math.log(sums[p]!);
  });
  return { logits: merged, classes: count, width, height };
}
