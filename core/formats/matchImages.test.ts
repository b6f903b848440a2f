import { expect, test } from 'vitest';
import { ImageMatcher } from './matchImages.ts';

test('by path, stem, flat name and last part, where that is unique', () => {
  const matcher = new ImageMatcher([
    { id: 1, name: 'bonn/1.jpg' },
    { id: 2, name: 'aachen/1.jpg' },
    { id: 3, name: 'c.d.png' },
    { id: 4, name: 'e.jpg' },
    { id: 5, name: 'e.png' },
  ]);
  const found = ['bonn/1.jpg', 'bonn/1', 'aachen_1', '1', 'x/c.d', 'c.d.png', './e.png', 'e', 'nothing'].map(
    (name) => matcher.find(name),
  );
  expect(found).toEqual([1, 1, 2, null, 3, 3, 5, null, null]);
});

test('by the name that an export gives, also where two images differ in case', () => {
  const matcher = new ImageMatcher([
    { id: 1, name: 'x/d.jpg' },
    { id: 2, name: 'x/D.png' },
  ]);
  expect(['x_d.jpg', 'x_D.png'].map((name) => matcher.find(name))).toEqual([1, 2]);
});
