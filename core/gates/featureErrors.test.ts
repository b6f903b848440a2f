import { expect, it } from 'vitest';
import { featureErrors } from './featureErrors.ts';

it('is the squared distance at each position over the mean squared length', () => {
  // Two channels at two positions: lengths 5 and 5, the second position off by (2, 1).
  const found = featureErrors(Float32Array.of(1, 2, 2, 1), Float32Array.of(1, 0, 2, 0), [1, 2, 1, 2]);
  expect(found).toEqual({ height: 1, width: 2, errors: Float32Array.of(0, 1), mean: 0.5 });
});
