import { expect, it } from 'vitest';
import { editTable } from './classEdit.ts';
import { classId, createClassTable } from './classTable.ts';
import { displayTable } from './displayTable.ts';
import { safePalette } from './safePalette.ts';

const model = createClassTable(['Road', 'Sky', 'Bus']);
const table = createClassTable(['Sky', 'Road']);

it('gives the classes of a model the colours of the project, by name and former name', () => {
  const renamed = editTable(table, { kind: 'rename', id: classId(1), name: 'Street' }).table;
  const project = editTable(renamed, { kind: 'recolour', id: classId(1), colour: [1, 2, 3] }).table;
  const shown = displayTable(model, { project, palette: 'classes' });
  expect(shown.classes.map(({ colour }) => colour)).toEqual([
    [1, 2, 3],
    model.classes[1]!.colour,
    model.classes[2]!.colour,
  ]);
  expect(displayTable(model, { project: table, palette: 'classes' })).toBe(model);
});

it('changes colours alone with the safe palette, and gives strangers what the project leaves over', () => {
  const shown = displayTable(model, { project: table, palette: 'safe' });
  expect(shown.classes.map(({ colour }) => colour)).toEqual([1, 0, 2].map((index) => safePalette(3)[index]));
  expect(shown.classes.map(({ id, name }) => [id, name])).toEqual(
    model.classes.map(({ id, name }) => [id, name]),
  );
  expect(model.classes[0]?.colour).toEqual([128, 64, 128]);
});
