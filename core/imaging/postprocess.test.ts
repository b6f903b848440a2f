import { expect, test } from 'vitest';
import type { Logits } from './logits.ts';
import { logitsAt, softmax, upsampleArgmax } from './postprocess.ts';

/** Deterministic numbers from 0 to 1. Source: mulberry32. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

function randomLogits(classes: number, height: number, width: number, seed: number): Logits {
  const random = randomFrom(seed);
  return {
    classes,
    height,
    width,
    logits: Float32Array.from({ length: classes * height * width }, () => random() * 20 - 10),
  };
}

/** Blobs rather than noise: neighbours agree, as in a model's output. */
function smoothLogits(classes: number, height: number, width: number, seed: number): Logits {
  const noise = randomLogits(classes, height, width, seed);
  const logits = noise.logits.slice();
  for (let pass = 0; pass < 3; pass++) {
    for (let at = width + 1; at < logits.length; at++) {
      logits[at] = (logits[at]! + logits[at - 1]! + logits[at - width]!) / 3;
    }
  }
  return { ...noise, logits };
}

/** torch's upsample_bilinear2d (align_corners=False) for every class in float64, then argmax. */
function reference(
  { logits, classes, height, width }: Logits,
  outWidth: number,
  outHeight: number,
): number[] {
  const ids: number[] = [];
  for (let y = 0; y < outHeight; y++) {
    const sourceY = Math.max(0, (height / outHeight) * (y + 0.5) - 0.5);
    const y0 = Math.floor(sourceY);
    const y1 = y0 + (y0 < height - 1 ? 1 : 0);
    const h1 = sourceY - y0;
    for (let x = 0; x < outWidth; x++) {
      const sourceX = Math.max(0, (width / outWidth) * (x + 0.5) - 0.5);
      const x0 = Math.floor(sourceX);
      const x1 = x0 + (x0 < width - 1 ? 1 : 0);
      const w1 = sourceX - x0;
      let best = -Infinity;
      let winner = 0;
      for (let id = 0; id < classes; id++) {
        const plane = id * height * width;
        const value =
          (1 - h1) * ((1 - w1) * logits[plane + y0 * width + x0]! + w1 * logits[plane + y0 * width + x1]!) +
          h1 * ((1 - w1) * logits[plane + y1 * width + x0]! + w1 * logits[plane + y1 * width + x1]!);
        if (value > best) {
          best = value;
          winner = id;
        }
      }
      ids.push(winner);
    }
  }
  return ids;
}

function mismatches(logits: Logits, outWidth: number, outHeight: number): number {
  const expected = reference(logits, outWidth, outHeight);
  const { ids, width, height } = upsampleArgmax(logits, outWidth, outHeight);
  expect([width, height, ids.length]).toEqual([outWidth, outHeight, expected.length]);
  return expected.filter((id, pixel) => ids[pixel] !== id).length;
}

test.each([
  { classes: 1, from: [3, 3], to: [9, 9] },
  { classes: 2, from: [1, 1], to: [5, 4] },
  { classes: 3, from: [1, 7], to: [10, 30] },
  { classes: 3, from: [7, 1], to: [30, 10] },
  { classes: 11, from: [16, 20], to: [64, 80] },
  { classes: 11, from: [30, 40], to: [133, 171] },
  { classes: 11, from: [30, 40], to: [30, 40] },
  { classes: 11, from: [31, 41], to: [32, 42] },
  { classes: 19, from: [40, 33], to: [17, 12] },
  { classes: 19, from: [40, 33], to: [1, 1] },
  { classes: 19, from: [40, 33], to: [100, 5] },
  { classes: 150, from: [16, 16], to: [85, 64] },
  { classes: 300, from: [9, 12], to: [40, 50] },
  { classes: 1000, from: [6, 5], to: [31, 22] },
])('$classes classes, $from to $to: as interpolating every class in float64', ({ classes, from, to }) => {
  const [height, width] = from as [number, number];
  const [outHeight, outWidth] = to as [number, number];
  for (const seed of [1, 2, 3]) {
    expect(mismatches(randomLogits(classes, height, width, seed), outWidth, outHeight)).toBe(0);
    expect(mismatches(smoothLogits(classes, height, width, seed), outWidth, outHeight)).toBe(0);
  }
});

test('a class that is second at every corner can win in the middle', () => {
  // Classes 0 and 1 take turns at the corners, class 2 is steady: between them it is the largest.
  const logits = { classes: 3, height: 1, width: 2, logits: Float32Array.of(10, -10, -10, 10, 4, 4) };
  expect([...upsampleArgmax(logits, 8, 1).ids]).toEqual([0, 0, 0, 2, 2, 1, 1, 1]);
});

test('of equal logits the lowest id wins, also at a corner of a mixed cell', () => {
  const logits = { classes: 2, height: 1, width: 3, logits: Float32Array.of(1, 1, 0, 1, 1, 5) };
  expect([...upsampleArgmax(logits, 3, 1).ids]).toEqual([0, 0, 1]);
});

test('NaN never wins, and all NaN is class 0', () => {
  const nan = Number.NaN;
  const steady = { classes: 3, height: 1, width: 2, logits: Float32Array.of(nan, 0, 1, 1, 2, 2) };
  expect([...upsampleArgmax(steady, 4, 1).ids]).toEqual([2, 2, 2, 2]);
  const none = { classes: 3, height: 2, width: 1, logits: new Float32Array(6).fill(nan) };
  expect([...upsampleArgmax(none, 1, 4).ids]).toEqual([0, 0, 0, 0]);
});

test('NaN strewn over the logits: as the reference', () => {
  const logits = randomLogits(7, 12, 15, 9);
  const random = randomFrom(10);
  for (let at = 0; at < logits.logits.length; at++) if (random() < 0.05) logits.logits[at] = Number.NaN;
  expect(mismatches(logits, 64, 47)).toBe(0);
});

test('ids above 255 are stored whole', () => {
  const logits = {
    classes: 300,
    height: 1,
    width: 1,
    logits: Float32Array.from({ length: 300 }, (_, id) => id),
  };
  const { ids } = upsampleArgmax(logits, 2, 1);
  expect(ids).toEqual(Uint16Array.of(299, 299));
});

test('logitsAt gives the interpolated logits of one pixel', () => {
  const logits = { classes: 2, height: 1, width: 2, logits: Float32Array.of(0, 8, 4, 4) };
  expect([0, 1, 2, 3].map((x) => [...logitsAt(logits, x, 0, 4, 1)])).toEqual([
    [0, 4],
    [2, 4],
    [6, 4],
    [8, 4],
  ]);
});

test('the largest of logitsAt is the class of the map', () => {
  const logits = smoothLogits(11, 9, 13, 4);
  const { ids } = upsampleArgmax(logits, 50, 37);
  for (let y = 0; y < 37; y++) {
    for (let x = 0; x < 50; x++) {
      const values = logitsAt(logits, x, y, 50, 37);
      expect(values[ids[y * 50 + x]!]).toBe(Math.max(...values));
    }
  }
});

test('softmax sums to one and bears large logits', () => {
  expect([...softmax(Float32Array.of(1000, 1000))]).toEqual([0.5, 0.5]);
  const [low, high] = softmax(Float32Array.of(0, Math.log(3)));
  expect(low).toBeCloseTo(0.25, 6);
  expect(high).toBeCloseTo(0.75, 6);
});
