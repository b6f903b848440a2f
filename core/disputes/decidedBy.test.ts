import { expect, it } from 'vitest';
import { decidedBy } from './decidedBy.ts';
import { createRegion } from './region.ts';

const row = (x0: number, x1: number) => createRegion(Int32Array.from([0, x0, x1]));
const verdict = (name: string, x0: number, x1: number) => ({ name, region: row(x0, x1) });

it('is the verdict on most of the pixels', () => {
  const verdicts = [verdict('first', 0, 3), verdict('second', 3, 9)];
  expect(decidedBy(row(0, 8), verdicts)?.name).toBe('second');
  expect(decidedBy(row(0, 4), verdicts)?.name).toBe('first');
});

it('is nobody where half of the pixels or more were never decided', () => {
  expect(decidedBy(row(0, 6), [verdict('first', 0, 3)])).toBeNull();
  expect(decidedBy(row(0, 5), [verdict('first', 0, 3)])?.name).toBe('first');
  expect(decidedBy(row(20, 30), [verdict('first', 0, 3)])).toBeNull();
});
