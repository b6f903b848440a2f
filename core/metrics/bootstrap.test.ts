import { expect, test } from 'vitest';
import { bootstrapIntervals, DEFAULT_BOOTSTRAP, quantile } from './bootstrap.ts';

const options = { ...DEFAULT_BOOTSTRAP, rounds: 400 };

test('images that are all alike leave no doubt', async () => {
  const units = new Float64Array([3, 4, 3, 4, 3, 4]);
  const share = (sums: Float64Array) => [sums[1] === 0 ? null : sums[0]! / sums[1]!];
  expect(await bootstrapIntervals(units, 2, share, options)).toEqual([[0.75, 0.75]]);
});

test('the interval holds the spread of the images, and is the same for a seed', async () => {
  // 20 images from 0 to 1.
  const units = Float64Array.from({ length: 20 }, (_, n) => n / 19);
  const mean = (sums: Float64Array) => [sums[0]! / 20];
  const [ends] = await bootstrapIntervals(units, 1, mean, options);
  // The standard error of the mean is 0.303 / sqrt(20) = 0.068.
  expect(ends![0]).toBeGreaterThan(0.33);
  expect(ends![0]).toBeLessThan(0.41);
  expect(ends![1]).toBeGreaterThan(0.59);
  expect(ends![1]).toBeLessThan(0.67);
  expect(await bootstrapIntervals(units, 1, mean, options)).toEqual([ends]);
  expect(await bootstrapIntervals(units, 1, mean, { ...options, seed: 2 })).not.toEqual([ends]);
});

test('a difference is paired: two models that always differ by the same have no doubt in it', async () => {
  const units = Float64Array.from({ length: 20 }, (_, n) => (n % 2 === 0 ? n : n - 1.5));
  const difference = (sums: Float64Array) => [(sums[1]! - sums[0]!) / 10];
  const [ends] = await bootstrapIntervals(units, 2, difference, options);
  expect(ends![0]).toBeCloseTo(-0.5, 12);
  expect(ends![1]).toBeCloseTo(-0.5, 12);
});

test('one image has no interval, and a figure that is mostly undefined has none', async () => {
  const ratio = (sums: Float64Array) => [sums[0] === 0 ? null : 1];
  expect(await bootstrapIntervals(new Float64Array([1]), 1, ratio, options)).toEqual([null]);
  const rare = new Float64Array(50);
  expect(await bootstrapIntervals(rare, 1, ratio, options)).toEqual([null]);
});

test('quantiles lie between neighbours as numpy has them', () => {
  expect(quantile([1, 2, 3, 4], 0.5)).toBe(2.5);
  expect(quantile([1, 2, 3, 4, 5], 0.95)).toBeCloseTo(4.8, 12);
  expect(quantile([7], 0.95)).toBe(7);
  expect(quantile([], 0.5)).toBeNaN();
});
