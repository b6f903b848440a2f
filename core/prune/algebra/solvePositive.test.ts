import { expect, it } from 'vitest';
import { matrix, multiply } from './matrix.ts';
import { solvePositive } from './solvePositive.ts';

it('solves a positive system', () => {
  const a = matrix(2, 2, [4, 1, 1, 3]);
  const x = solvePositive(a, multiply(a, matrix(2, 1, [2, -1])), 1e-12);
  expect(x.data[0]).toBeCloseTo(2, 9);
  expect(x.data[1]).toBeCloseTo(-1, 9);
});

it('solves a singular one with the damping, and one of zeros with nothing', () => {
  const x = solvePositive(matrix(2, 2, [1, 1, 1, 1]), matrix(2, 1, [2, 2]), 1e-6);
  expect(x.data[0]! + x.data[1]!).toBeCloseTo(2, 4);
  expect([...solvePositive(matrix(2, 2), matrix(2, 1), 1e-6).data]).toEqual([0, 0]);
});

it('names the pivot of a matrix that is not positive', () => {
  expect(() => solvePositive(matrix(2, 2, [3, 0, 0, -1]), matrix(2, 1), 1e-6)).toThrow(
    'the matrix is not positive: pivot 1 is -0.99',
  );
});
