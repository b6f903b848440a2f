import { expect, test } from 'vitest';
import { createRegion } from '../disputes/region.ts';
import { maskOf, rowsOf } from './testing/memoryFolder.ts';
import { BY_MODEL, BY_PERSON, BY_TRUTH, plainWeights, weighMask } from './trainingWeights.ts';

const M = BY_MODEL;
const T = BY_TRUTH;
const P = BY_PERSON;

test('open disputes are left out, decided pixels count more, all others 1', () => {
  const { classMap, weights, counts } = weighMask({
    mask: maskOf('0011', '22.3'),
    ignoreId: 255,
    // prettier-ignore
    deciders: Uint8Array.of(M, M, P, P, M, T, M, P),
    // Columns 1 to 3 of the first row, 0 to 2 of the second.
    open: [createRegion(Int32Array.of(0, 1, 3)), createRegion(Int32Array.of(1, 0, 3))],
    correctedWeight: 2.5,
  });
  expect(rowsOf(classMap)).toEqual(['0.11', '.2.3']);
  expect([...weights]).toEqual([64, 0, 160, 160, 0, 64, 0, 160]);
  expect(counts).toEqual({ open: 2, ignored: 1, corrected: 3, plain: 2 });
});

test('a weight is at most what 8 bits can say, and the given mask stays as it is', () => {
  const mask = maskOf('01');
  const weighed = weighMask({
    mask,
    ignoreId: 255,
    deciders: Uint8Array.of(P, M),
    open: [createRegion(Int32Array.of(0, 1, 2))],
    correctedWeight: 9,
  });
  expect([...weighed.weights]).toEqual([255, 0]);
  expect(rowsOf(mask)).toEqual(['01']);
});

test('a mask of which nothing is known', () => {
  expect([...plainWeights(maskOf('0.1'), 255)]).toEqual([64, 0, 64]);
});
