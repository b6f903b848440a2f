import { expect, test } from 'vitest';
import { boxOutline, ellipseOutline } from './outlines.ts';

const rounded = (points: readonly { x: number; y: number }[]) =>
  points.map(({ x, y }) => [Math.round(x * 1000) / 1000, Math.round(y * 1000) / 1000]);

test('a box from any two opposite corners, and turned clockwise about its middle', () => {
  const upright = [
    [1, 2],
    [5, 2],
    [5, 4],
    [1, 4],
  ];
  expect(rounded(boxOutline([5, 2], [1, 4]))).toEqual(upright);
  expect(rounded(boxOutline([1, 2], [5, 4], { degrees: 90 }))).toEqual([
    [4, 1],
    [4, 5],
    [2, 5],
    [2, 1],
  ]);
});

test('an ellipse has its radii', () => {
  const points = rounded(ellipseOutline([10, 20], [4, 2]));
  expect([points[0], points[32], points[64], points[96]]).toEqual([
    [14, 20],
    [10, 22],
    [6, 20],
    [10, 18],
  ]);
  expect(rounded(ellipseOutline([10, 20], [4, 2], { degrees: 90 }))[0]).toEqual([10, 24]);
});
