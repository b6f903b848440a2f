import { expect, test } from 'vitest';
import { maskNames } from './maskNames.ts';

test('keeps the ending only where two images differ in nothing else', () => {
  expect(maskNames(['a.jpg', 'b/a.jpg', 'c.jpg', 'c.png', 'd.JPG', 'D.png'])).toEqual([
    'a.png',
    'b/a.png',
    'c.jpg.png',
    'c.png.png',
    'd.JPG.png',
    'D.png.png',
  ]);
});
