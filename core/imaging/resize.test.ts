import { expect, test } from 'vitest';
import { resizeRgb, resizeRgba } from './resize.ts';
import { axisCoefficients, nearestIndices, PRECISION_BITS } from './resizeCoefficients.ts';
import type { RgbaImage } from './rgbaImage.ts';

/** Values were made with Pillow; conformance/test_imaging.py compares many more. */
function grey(rows: readonly (readonly number[])[]): RgbaImage {
  return {
    width: rows[0]!.length,
    height: rows.length,
    data: Uint8ClampedArray.from(rows.flat().flatMap((value) => [value, value, value, 255])),
  };
}

const reds = (rgb: Uint8ClampedArray, channels = 3) => [...rgb].filter((_, index) => index % channels === 0);

const row = grey([[0, 100, 200, 255]]);

test.each([
  ['nearest', [100, 255]],
  ['box', [50, 228]],
  ['bilinear', [71, 209]],
  ['hamming', [56, 222]],
  ['bicubic', [60, 221]],
  ['lanczos', [57, 225]],
] as const)('%s, 4 to 2 pixels', (filter, expected) => {
  expect(reds(resizeRgb(row, { width: 2, height: 1, filter }))).toEqual(expected);
});

test('bicubic overshoot is clipped to 0 and 255', () => {
  const step = grey([[0, 0, 255, 255]]);
  const values = reds(resizeRgb(step, { width: 8, height: 1, filter: 'bicubic' }));
  expect(values).toEqual([0, 0, 0, 52, 203, 255, 255, 255]);
});

test('the same size is the same picture, without its alpha', () => {
  const image = { width: 1, height: 2, data: Uint8ClampedArray.of(1, 2, 3, 4, 5, 6, 7, 8) };
  expect([...resizeRgb(image, { width: 1, height: 2, filter: 'lanczos' })]).toEqual([1, 2, 3, 5, 6, 7]);
  const copy = resizeRgba(image, { width: 1, height: 2, filter: 'lanczos' });
  expect(copy).toEqual(image);
  expect(copy.data).not.toBe(image.data);
});

test('colours of transparent pixels do not bleed', () => {
  const image = { width: 2, height: 1, data: Uint8ClampedArray.of(200, 0, 0, 255, 0, 250, 0, 0) };
  const { data } = resizeRgba(image, { width: 1, height: 1, filter: 'box' });
  expect([...data]).toEqual([199, 0, 0, 128]);
});

test('the weights of each pixel sum to one', () => {
  for (const filter of ['box', 'bilinear', 'hamming', 'bicubic', 'lanczos'] as const) {
    const { count, weights, stride } = axisCoefficients(37, 11, filter);
    for (let out = 0; out < 11; out++) {
      const own = weights.subarray(out * stride, out * stride + count[out]!);
      const sum = own.reduce((total, weight) => total + weight, 0);
      expect(Math.abs(sum / 2 ** PRECISION_BITS - 1)).toBeLessThan(1e-5);
    }
  }
});

test('nearest takes the pixel under the centre', () => {
  expect([...nearestIndices(4, 8)]).toEqual([0, 0, 1, 1, 2, 2, 3, 3]);
  expect([...nearestIndices(5, 2)]).toEqual([1, 3]);
});
