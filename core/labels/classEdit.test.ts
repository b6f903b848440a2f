import { describe, expect, it } from 'vitest';
import { editTable } from './classEdit.ts';
import { classId, createClassTable } from './classTable.ts';
import { matchClasses } from './matchClasses.ts';

const table = createClassTable(['Sky', 'Pole', 'Fence', 'Car']);
const [SKY, POLE, FENCE] = [classId(0), classId(1), classId(2)];
const names = (edited: ReturnType<typeof editTable>) =>
  edited.table.classes.map(({ id, name }) => `${id} ${name}`);

describe('editTable', () => {
  it('adds a class with the smallest free id and a colour of its own', () => {
    const removed = editTable(table, { kind: 'remove', id: POLE }).table;
    const added = editTable(removed, { kind: 'add', name: ' Bus ' });
    expect(names(added)).toEqual(['0 Sky', '2 Fence', '3 Car', '1 Bus']);
    expect(new Set(added.table.classes.map(({ colour }) => colour.join())).size).toBe(4);
    expect(added.remap).toEqual([]);
  });

  it('keeps the former name as an alias, by which models still match', () => {
    const renamed = editTable(table, { kind: 'rename', id: POLE, name: 'Post' }).table;
    expect(renamed.classes[1]).toMatchObject({ name: 'Post', aliases: ['Pole'] });
    expect(matchClasses(table, renamed)).toMatchObject({ identical: true, missing: [] });
    const back = editTable(renamed, { kind: 'rename', id: POLE, name: 'pole' }).table;
    expect(back.classes[1]).toMatchObject({ name: 'pole', aliases: ['Post'] });
  });

  it('merges: the ids that change, and the names that are known from now on', () => {
    const merged = editTable(table, { kind: 'merge', sources: [POLE, SKY], target: FENCE });
    expect(names(merged)).toEqual(['2 Fence', '3 Car']);
    expect(merged.label).toBe('Merge Pole, Sky into Fence');
    expect(merged.remap).toEqual([
      [1, 2],
      [0, 2],
    ]);
    expect(matchClasses(table, merged.table).targetOf.get(POLE)).toBe(FENCE);
    const ignored = editTable(table, { kind: 'merge', sources: [POLE], target: table.ignoreId });
    expect(ignored.label).toBe('Merge Pole into ignore');
    expect(matchClasses(table, ignored.table).targetOf.get(POLE)).toBe(255);
  });

  it('moves the ignore index to a number that no class has', () => {
    expect(editTable(table, { kind: 'ignore', id: classId(11) })).toMatchObject({
      table: { ignoreId: 11 },
      remap: [[255, 11]],
    });
  });

  it.each([
    [{ kind: 'add', name: '  ' }, 'a class needs a name. Choose another name, or merge the two'],
    [
      { kind: 'add', name: 'Ignore' },
      'Ignore: ignore is not a class but the ignore index. Choose another name, or merge the two',
    ],
    [
      { kind: 'rename', id: POLE, name: 'sky' },
      'sky: there is a class of this name already, with id 0. Choose another name, or merge the two',
    ],
    [
      { kind: 'merge', sources: [POLE], target: POLE },
      'Pole: a class cannot be merged into itself. Choose another class to merge into',
    ],
    [
      { kind: 'recolour', id: classId(9), colour: [0, 0, 0] },
      'no class has id 9. Open the folder again: its classes may have been changed elsewhere',
    ],
    [
      { kind: 'ignore', id: POLE },
      'ignore index: 1 is the id of Pole. Choose a number from 0 to 255 that no class has',
    ],
    [
      { kind: 'merge', sources: [SKY, POLE, FENCE, classId(3)], target: classId(255) },
      'a class table needs a class. Add another class first',
    ],
  ] as const)('refuses %j', (edit, message) => {
    expect(() => editTable(table, edit)).toThrow(expect.objectContaining({ message }));
  });
});
