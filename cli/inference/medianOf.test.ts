import { expect, test } from 'vitest';
import { medianOf } from './medianOf.ts';

test.each([
  [[3, 1, 2], 2],
  [[4, 1, 3, 2], 2.5],
  [[7], 7],
])('median of %j', (values, median) => expect(medianOf(values)).toBe(median));

test('of nothing there is none', () => expect(medianOf([])).toBeNaN());
