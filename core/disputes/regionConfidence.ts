import { logitsAt, softmax, type Logits } from '../imaging/postprocess.ts';
import type { Region } from './region.ts';

/** How sure a model is of itself in a region: means over its pixels, 0 to 1. */
export interface Confidence {
  /** The largest softmax probability: that of the class that the model says. */
  readonly best: number;
  /** How far it is above the second largest. */
  readonly margin: number;
}

/** Confidence changes slowly within a region: this many pixels give its mean to a few hundredths. */
const SAMPLES = 64;

/**
 * The confidence of the model that gave these logits for a picture of `width` x `height`, in a region of it: the
 * means over at most 64 of its pixels, spread evenly from the first to the last.
 */
export function regionConfidence(
  logits: Logits,
  { width, height }: { readonly width: number; readonly height: number },
  { runs, area }: Region,
): Confidence {
  const count = Math.min(area, SAMPLES);
  let best = 0;
  let margin = 0;
  let run = 0;
  let before = 0;
  for (let sample = 0; sample < count; sample++) {
    const wanted = Math.floor(((sample + 0.5) * area) / count);
    while (before + runs[run + 2]! - runs[run + 1]! <= wanted) {
      before += runs[run + 2]! - runs[run + 1]!;
      run += 3;
    }
    const x = runs[run + 1]! + wanted - before;
    const chances = softmax(logitsAt(logits, x, runs[run]!, width, height));
    let first = 0;
    let second = 0;
    for (const chance of chances) {
      if (chance > first) {
        second = first;
        first = chance;
      } else if (chance > second) second = chance;
    }
    best += first;
    margin += first - second;
  }
  return count === 0 ? { best: 0, margin: 0 } : { best: best / count, margin: margin / count };
}
