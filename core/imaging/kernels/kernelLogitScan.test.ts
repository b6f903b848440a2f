import { expect, test } from 'vitest';
import { seededRandom } from '../../mask/seededRandom.ts';
import type { Logits } from '../logits.ts';
import { plainLogitScan } from '../logitScan.ts';
import { withKernels } from './imagingKernels.ts';
import { kernelLogitScan } from './kernelLogitScan.ts';

const random = seededRandom(11);

/** Few values, so that there are ties; some of them NaN or without a bottom. */
function randomLogits(classes: number, height: number, width: number): Logits {
  const logits = Float32Array.from({ length: classes * height * width }, () => {
    const value = random();
    return value < 0.05 ? Number.NaN : value < 0.1 ? -Infinity : Math.floor(value * 9) - 4;
  });
  return { logits, classes, height, width };
}

test.each([
  [1, 1, 1],
  [3, 1, 5],
  [11, 7, 9],
  [150, 8, 8],
  [1000, 3, 5],
  // More than is put into the kernels' memory at a time.
  [40, 110, 110],
])('%i classes, %i x %i: as the plain passes', (classes, height, width) => {
  const source = randomLogits(classes, height, width);
  const bars = Float32Array.from({ length: height * width }, () =>
    random() < 0.1 ? Infinity : Math.floor(random() * 9) - 4,
  );
  const found = (scan: typeof plainLogitScan): [number, number[]][] => {
    const all: [number, number[]][] = [];
    scan.forEachAbove(source, bars, (id, positions) => all.push([id, [...positions]]));
    return all;
  };
  const made = withKernels((kernels) => {
    const scan = kernelLogitScan(kernels);
    return { winners: scan.winners(source), above: found(scan) };
  });
  expect(made).toEqual({ winners: plainLogitScan.winners(source), above: found(plainLogitScan) });
});
