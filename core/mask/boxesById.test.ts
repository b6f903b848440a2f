import { expect, test } from 'vitest';
import { boxesById } from './boxesById.ts';

test('pixels and the smallest rectangle of each number, in their order', () => {
  const ids = [7, 3, 3, 3, 7, 3];
  expect([...boxesById({ width: 3, height: 2, ids })]).toEqual([
    [3, { pixels: 4, box: [0, 0, 3, 2] }],
    [7, { pixels: 2, box: [0, 0, 2, 2] }],
  ]);
});
