import { expect, test } from 'vitest';
import { clipRect, unionRect } from './geometry.ts';

test('unionRect holds both rectangles', () => {
  const a = { x: 1, y: 2, width: 3, height: 4 };
  expect(unionRect(null, a)).toBe(a);
  expect(unionRect(a, { x: 0, y: 5, width: 1, height: 9 })).toEqual({ x: 0, y: 2, width: 4, height: 12 });
});

test('clipRect keeps what is inside, or nothing', () => {
  expect(clipRect({ x: -2, y: 3, width: 5, height: 50 }, 10, 10)).toEqual({
    x: 0,
    y: 3,
    width: 3,
    height: 7,
  });
  expect(clipRect({ x: 10, y: 0, width: 5, height: 5 }, 10, 10)).toBeNull();
});
