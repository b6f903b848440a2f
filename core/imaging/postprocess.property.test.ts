import { expect, test } from 'vitest';
import { seededRandom } from '../mask/seededRandom.ts';
import { withKernels } from './kernels/imagingKernels.ts';
import type { Logits } from './logits.ts';
import { partPasses, PLAIN_PASSES, upsampleArgmax, upsampleArgmaxBy } from './postprocess.ts';

/** Two weighted sums of four logits, differently ordered, differ by less than this share of the largest. */
const ROUNDING = 1e-12;

/**
 * Interpolates every class in float64 and counts the pixels whose class of the map is not the largest. Of classes
 * closer than float64 can tell apart, any counts as the largest.
 */
function mismatches(source: Logits, outWidth: number, outHeight: number): number {
  const { logits, classes, width, height } = source;
  const { ids } = upsampleArgmax(source, outWidth, outHeight);
  let wrong = 0;
  for (let y = 0; y < outHeight; y++) {
    const sourceY = Math.max(0, (height / outHeight) * (y + 0.5) - 0.5);
    const y0 = Math.min(Math.floor(sourceY), height - 1);
    const y1 = Math.min(y0 + 1, height - 1);
    const wy = sourceY - y0;
    for (let x = 0; x < outWidth; x++) {
      const sourceX = Math.max(0, (width / outWidth) * (x + 0.5) - 0.5);
      const x0 = Math.min(Math.floor(sourceX), width - 1);
      const x1 = Math.min(x0 + 1, width - 1);
      const wx = sourceX - x0;
      const valueOf = (id: number): number => {
        const at = (row: number, column: number): number => logits[(id * height + row) * width + column]!;
        const top = (1 - wx) * at(y0, x0) + wx * at(y0, x1);
        const bottom = (1 - wx) * at(y1, x0) + wx * at(y1, x1);
        return (1 - wy) * top + wy * bottom;
      };
      let best = -Infinity;
      for (let id = 0; id < classes; id++) if (valueOf(id) > best) best = valueOf(id);
      const said = ids[y * outWidth + x]!;
      const value = valueOf(said);
      const right = best === -Infinity ? said === 0 : value >= best - Math.abs(best) * ROUNDING;
      if (!right) wrong++;
    }
  }
  return wrong;
}

/** Logits as models give them (neighbours alike) or as they never do (noise), some of them NaN or masked. */
function randomLogits(random: () => number): Logits {
  const classes = Math.ceil(1000 ** random());
  const side = Math.max(1, Math.floor(40 / Math.sqrt(classes)));
  const width = 1 + Math.floor(random() * side * 2);
  const height = 1 + Math.floor(random() * side * 2);
  const smooth = random() < 0.6;
  const broken = random() < 0.4 ? random() * 0.1 : 0;
  const steps = random() < 0.3 ? 4 : 2 ** 20;
  const logits = Float32Array.from({ length: classes * width * height }, () => {
    if (random() < broken) return random() < 0.5 ? Number.NaN : -Infinity;
    // Few steps make ties.
    return (Math.floor(random() * steps) / steps) * 20 - 10;
  });
  if (smooth) {
    for (let at = 1; at < logits.length; at++) {
      if (at % width !== 0) logits[at] = (logits[at]! + 2 * logits[at - 1]!) / 3;
    }
  }
  return { logits, classes, width, height };
}

test('random sizes, up to 1,000 classes, NaN and -Infinity: no pixel differs from float64, nor without kernels', () => {
  const random = seededRandom(20_261_122);
  const failed: string[] = [];
  let classesMost = 0;
  for (let round = 0; round < 120; round++) {
    const logits = randomLogits(random);
    const outWidth = 1 + Math.floor(random() * 90);
    const outHeight = 1 + Math.floor(random() * Math.min(90, 90_000 / (logits.classes * outWidth) + 4));
    const wrong = mismatches(logits, outWidth, outHeight);
    const plain = upsampleArgmaxBy(PLAIN_PASSES, logits, outWidth, outHeight);
    const { ids } = upsampleArgmax(logits, outWidth, outHeight);
    expect(ids.length).toBe(plain.ids.length);
    expect(ids.findIndex((id, pixel) => id !== plain.ids[pixel])).toBe(-1);
    const inParts = withKernels((kernels) =>
      upsampleArgmaxBy(partPasses(kernels), logits, outWidth, outHeight),
    );
    expect(inParts?.ids.findIndex((id, pixel) => id !== plain.ids[pixel])).toBe(-1);
    const { classes, width, height } = logits;
    classesMost = Math.max(classesMost, classes);
    if (wrong > 0)
      failed.push(`${round}: ${classes} [${height}, ${width}] to [${outHeight}, ${outWidth}]: ${wrong}`);
  }
  expect(failed).toEqual([]);
  expect(classesMost).toBeGreaterThan(900);
});
