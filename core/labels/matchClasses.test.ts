import { expect, it } from 'vitest';
import { createClassTable } from './classTable.ts';
import { classPalette } from './classPalette.ts';
import { matchClasses } from './matchClasses.ts';

it('matches by name, not by index, and names what is missing', () => {
  const match = matchClasses(createClassTable(['Road', 'bus', ' sky ']), createClassTable(['Sky', 'Road']));
  expect([...match.targetOf]).toEqual([
    [255, 255],
    [0, 1],
    [1, 255],
    [2, 0],
  ]);
  expect(match.missing).toEqual(['bus']);
  expect(match.identical).toBe(false);
  const table = createClassTable(['Sky', 'Road']);
  expect(matchClasses(table, table).identical).toBe(true);
});

it('gives classes their own colours and the rest those of VOC', () => {
  const palette = classPalette(createClassTable(['Sky', 'Road']));
  expect(palette(1)).toEqual([128, 64, 128]);
  expect(palette(2)).toEqual([0, 128, 0]);
  expect(palette(255)).toEqual([224, 224, 192]);
});
