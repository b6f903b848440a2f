import { expect, test } from 'vitest';
import { classId, type ClassTable } from './classTable.ts';
import { rebaseClassTable } from './rebaseClassTable.ts';

const table = (...names: (string | null)[]): ClassTable => ({
  classes: names.flatMap((name, id) =>
    name === null ? [] : [{ id: classId(id), name, colour: [id, 0, 0] }],
  ),
  ignoreId: classId(255),
});

const before = table('Sky', 'Tree', 'Bush');
const merged = table('Sky', 'Tree', null);

test('nothing else changed: the table becomes what the change says', () => {
  expect(rebaseClassTable(merged, { from: merged, to: before })).toEqual(before);
  expect(rebaseClassTable(before, { from: before, to: merged })).toEqual(merged);
});

test('what was renamed or added since stays', () => {
  const since = table('Clouds', 'Tree', null, 'Car');
  expect(rebaseClassTable(since, { from: merged, to: before })).toEqual(
    table('Clouds', 'Tree', 'Bush', 'Car'),
  );
});

test('an id that was given again since stays with its new class', () => {
  const since = table('Sky', 'Tree', 'Car');
  expect(rebaseClassTable(since, { from: merged, to: before })).toEqual(since);
});

test('the ignore index follows the change, unless it was changed since', () => {
  const other = { ...merged, ignoreId: classId(254) };
  const change = { from: merged, to: { ...before, ignoreId: classId(0) } };
  expect(rebaseClassTable(merged, change).ignoreId).toBe(0);
  expect(rebaseClassTable(other, change).ignoreId).toBe(254);
});
