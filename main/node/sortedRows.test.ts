import { expect, test } from 'vitest';
import { sortedRows } from './sortedRows.ts';

const values = Float64Array.of(3, NaN, -1.5, 0, -0, 1e-300, -1e300, Infinity, 3, NaN, -Infinity, 2.5);
const rows = Uint32Array.from(values, (_, row) => row);

test('ascending and descending, equal ones in their order, unknown ones at the end', () => {
  expect([...sortedRows(rows, values, { descending: false })]).toEqual([
    10, 6, 2, 3, 4, 5, 11, 0, 8, 7, 1, 9,
  ]);
  expect([...sortedRows(rows, values, { descending: true })]).toEqual([7, 0, 8, 11, 5, 3, 4, 2, 6, 10, 1, 9]);
});

test('some of the rows, and none', () => {
  expect([...sortedRows(Uint32Array.of(9, 8, 2, 0), values, { descending: false })]).toEqual([2, 8, 0, 9]);
  expect([...sortedRows(new Uint32Array(0), values, { descending: true })]).toEqual([]);
});

test('the order that comparing gives, for many', () => {
  let state = 7;
  const random = (): number => ((state = (state * 48271) % 2147483647) / 2147483647 - 0.5) * 1e3;
  const many = Float64Array.from({ length: 5000 }, (_, n) => (n % 5 === 0 ? Math.round(random()) : random()));
  const all = Uint32Array.from(many, (_, row) => row);
  const wanted = [...all].sort((a, b) => many[b]! - many[a]! || a - b);
  expect([...sortedRows(all, many, { descending: true })]).toEqual(wanted);
});
