import { expect, test } from 'vitest';
import { classId, createClassTable } from '../labels/classTable.ts';
import { pairClasses, parseChoices, remapBetween } from './classPairs.ts';

const project = createClassTable(['Road', 'Car', 'Pavement']);

test('by name, by alias of either side, by hand; never by number', () => {
  const plain = createClassTable(['car', 'sidewalk', 'background', 'dog', 'static']);
  const source = {
    ...plain,
    classes: plain.classes.map((entry) =>
      entry.name === 'sidewalk' ? { ...entry, aliases: ['pavement'] } : entry,
    ),
  };
  const pairs = pairClasses(source, project, new Map([['static', 'ignore']]));
  expect(pairs.map(({ name, targetId, how }) => [name, targetId, how])).toEqual([
    ['car', 1, 'name'],
    ['sidewalk', 2, 'alias'],
    ['background', 255, 'background'],
    ['dog', null, 'unknown'],
    ['static', 255, 'chosen'],
  ]);
  expect([...remapBetween(source, project, pairs).slice(0, 6)]).toEqual([1, 2, 255, 255, 255, 255]);
});

test('what is chosen goes before the name', () => {
  const pairs = pairClasses(createClassTable(['Road']), project, new Map([['road', 'CAR']]));
  expect(pairs[0]).toEqual({ name: 'Road', sourceId: 0, targetId: classId(1), how: 'chosen' });
});

test('a choice names classes that there are', () => {
  expect(() => pairClasses(project, project, new Map([['Tree', 'Road']]))).toThrow(
    'the masks have no class "Tree". There are Road, Car, Pavement',
  );
  expect(() => pairClasses(project, project, new Map([['Road', 'Tree']]))).toThrow(
    'the target has no class "Tree". There are Road, Car, Pavement',
  );
});

test('choices as they are typed', () => {
  expect([...parseChoices(['value 3=Road', 'a = b=c'])]).toEqual([
    ['value 3', 'Road'],
    ['a', 'b=c'],
  ]);
  expect(() => parseChoices(['Road'])).toThrow(
    '"Road" does not say what becomes of a class. It looks like "car=Car", or "static=ignore"',
  );
});
