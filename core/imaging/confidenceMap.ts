import type { ClassMap } from '../mask/classMap.ts';
import { sampleAxis } from './axisSampling.ts';
import type { Logits } from './logits.ts';

/** How sure a model is of its class map, pixel by pixel. */
export interface ConfidenceMap {
  readonly width: number;
  readonly height: number;
  /** Softmax probability of the map's class, 0 to 255 for 0 to 1. */
  readonly probability: Uint8ClampedArray;
  /** How far that is above the most probable other class, 0 to 255 for 0 to 1; 0 where it is not above. */
  readonly margin: Uint8ClampedArray;
}

/** exp of less than this adds nothing to a sum of which the largest term is 1 that 8 bits would show. */
const NEGLIGIBLE = -16;

/**
 * The confidence behind a class map that upsampleArgmax made of these logits. Softmax is taken where the model gave
 * logits; between them the probabilities of the pixel's own class, and its leads, are interpolated bilinearly. That
 * is one softmax per logit position in place of one per pixel. NaN counts as never.
 */
export function confidenceMap(source: Logits, { width, height, ids }: ClassMap): ConfidenceMap {
  const corners = softmaxCorners(source);
  const columns = sampleAxis(source.width, width);
  const rows = sampleAxis(source.height, height);
  const probability = new Uint8ClampedArray(width * height);
  const margin = new Uint8ClampedArray(width * height);
  const positions = source.width * source.height;
  const p = new Float64Array(4);
  const lead = new Float64Array(4);
  const look = (corner: number, position: number, id: number): void => {
    const isWinner = corners.winner[position] === id;
    const own = isWinner
      ? corners.first[position]!
      : Math.exp(source.logits[id * positions + position]! - corners.logSum[position]!) || 0;
    p[corner] = own;
    lead[corner] = own - (isWinner ? corners.second[position]! : corners.first[position]!);
  };
  for (let y = 0, pixel = 0; y < height; y++) {
    const top = rows.low[y]! * source.width;
    const below = rows.low[y]! + 1 < source.height ? source.width : 0;
    const wy = rows.weight[y]!;
    let seenColumn = -1;
    let seenId = -1;
    for (let x = 0; x < width; x++, pixel++) {
      const column = columns.low[x]!;
      const id = ids[pixel]!;
      if (column !== seenColumn || id !== seenId) {
        seenColumn = column;
        seenId = id;
        const at = top + column;
        const right = column + 1 < source.width ? 1 : 0;
        look(0, at, id);
        look(1, at + right, id);
        look(2, at + below, id);
        look(3, at + below + right, id);
      }
      const wx = columns.weight[x]!;
      const a = (1 - wx) * (1 - wy);
      const b = wx * (1 - wy);
      const c = (1 - wx) * wy;
      const d = wx * wy;
      probability[pixel] = 255 * (a * p[0]! + b * p[1]! + c * p[2]! + d * p[3]!);
      margin[pixel] = 255 * (a * lead[0]! + b * lead[1]! + c * lead[2]! + d * lead[3]!);
    }
  }
  return { width, height, probability, margin };
}

interface SoftmaxCorners {
  /** The most probable class of each logit position. */
  readonly winner: Uint16Array;
  readonly first: Float32Array;
  /** Probability of the runner-up. */
  readonly second: Float32Array;
  readonly logSum: Float32Array;
}

function softmaxCorners({ logits, classes, width, height }: Logits): SoftmaxCorners {
  const positions = width * height;
  const winner = new Uint16Array(positions);
  const first = new Float32Array(positions).fill(-Infinity);
  const second = new Float32Array(positions).fill(-Infinity);
  for (let id = 0, at = 0; id < classes; id++) {
    for (let position = 0; position < positions; position++, at++) {
      const value = logits[at]!;
      if (value > first[position]!) {
        second[position] = first[position]!;
        first[position] = value;
        winner[position] = id;
      } else if (value > second[position]!) second[position] = value;
    }
  }
  const sums = new Float64Array(positions);
  for (let id = 0, at = 0; id < classes; id++) {
    for (let position = 0; position < positions; position++, at++) {
      const below = logits[at]! - first[position]!;
      if (below > NEGLIGIBLE) sums[position] = sums[position]! + Math.exp(below);
    }
  }
  const logSum = new Float32Array(positions);
  for (let position = 0; position < positions; position++) {
    const largest = first[position]!;
    const sum = sums[position]!;
    logSum[position] = largest + Math.log(sum);
    second[position] = sum > 0 ? Math.exp(second[position]! - largest) / sum : 0;
    first[position] = sum > 0 ? 1 / sum : 0;
  }
  return { winner, first, second, logSum };
}
