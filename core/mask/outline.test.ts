import { expect, test } from 'vitest';
import { boundaryMask, differenceMask } from './outline.ts';

test('pixels whose right or lower neighbour has another class', () => {
  // prettier-ignore
  const ids = new Uint8Array([
    1, 1, 2,
    1, 1, 2,
    3, 3, 3,
  ]);
  // prettier-ignore
  expect([...boundaryMask({ width: 3, height: 3, ids })]).toEqual([
    0, 1, 0,
    1, 1, 1,
    0, 0, 0,
  ]);
});

test('pixels on which two maps differ', () => {
  const a = { width: 3, height: 1, ids: new Uint8Array([1, 2, 3]) };
  const b = { width: 3, height: 1, ids: new Uint16Array([1, 258, 3]) };
  expect([...differenceMask(a, b)]).toEqual([0, 1, 0]);
  expect(() => differenceMask(a, { ...b, width: 1, height: 3 })).toThrow(
    'a 3 x 1 class map cannot be compared with a 1 x 3 one',
  );
});
