import { expect, test } from 'vitest';
import { divergenceMap } from './divergenceMap.ts';

const logits = (values: number[], width: number) => ({
  logits: Float32Array.from(values),
  classes: values.length / width,
  width,
  height: 1,
});

test('KL of two softmaxes at each position', () => {
  // Position 0: the same. Position 1: (1/2, 1/2) against (3/4, 1/4).
  const reference = logits([1, 0, 2, 0], 2);
  const other = logits([1, Math.log(3), 2, 0], 2);
  const map = divergenceMap(reference, other);
  expect(map!.values[0]).toBeCloseTo(0, 7);
  expect(map!.values[1]).toBeCloseTo(0.5 * Math.log(0.5 / 0.75) + 0.5 * Math.log(0.5 / 0.25), 6);
  expect(map!.sum).toBeCloseTo(0.143841, 5);
});

test('logits of other sizes or classes have none', () => {
  expect(divergenceMap(logits([1, 2], 1), logits([1, 2, 3], 1))).toBeNull();
  expect(divergenceMap(logits([1, 2], 1), logits([1, 2], 2))).toBeNull();
});
