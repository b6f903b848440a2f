import { expect, test } from 'vitest';
import { endingOf, flatNames, lastPart, withoutEnding } from './flatNames.ts';

test('names without folders are unique, also where case does not count', () => {
  expect(flatNames(['bonn/1', 'bonn_1', 'Bonn/1', 'a b:c'])).toEqual([
    'bonn_1_2',
    'bonn_1',
    'Bonn_1_3',
    'a_b_c',
  ]);
});

test('parts of a path', () => {
  expect([withoutEnding('a.b/c'), withoutEnding('a/c.d.png'), withoutEnding('a/.hidden')]).toEqual([
    'a.b/c',
    'a/c.d',
    'a/.hidden',
  ]);
  expect([endingOf('a/c.d.png'), endingOf('a/c'), lastPart('a/c.png'), lastPart('c')]).toEqual([
    '.png',
    '',
    'c.png',
    'c',
  ]);
});
