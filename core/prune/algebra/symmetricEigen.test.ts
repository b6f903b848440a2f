import { expect, it } from 'vitest';
import { seededRandom } from '../../mask/seededRandom.ts';
import { diagonalMatrix, matrix, multiply, transpose } from './matrix.ts';
import { symmetricEigen } from './symmetricEigen.ts';

it('finds the values and vectors of a matrix by hand, the largest first', () => {
  const { values, vectors } = symmetricEigen(matrix(2, 2, [2, 1, 1, 2]));
  expect([...values].map((value) => Math.round(value * 1e9) / 1e9)).toEqual([3, 1]);
  expect(Math.abs(vectors.data[0]!)).toBeCloseTo(Math.SQRT1_2, 12);
  expect(vectors.data[0]! * vectors.data[2]!).toBeCloseTo(0.5, 12);
});

it('puts a random matrix together again', () => {
  const random = seededRandom(3);
  const half = matrix(
    9,
    9,
    Array.from({ length: 81 }, () => random() - 0.5),
  );
  const a = multiply(half, transpose(half));
  const { values, vectors } = symmetricEigen(a);
  const again = multiply(multiply(vectors, diagonalMatrix(values)), transpose(vectors));
  a.data.forEach((value, i) => expect(again.data[i]).toBeCloseTo(value, 12));
});
