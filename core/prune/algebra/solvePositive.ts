import { matrix, type Matrix } from './matrix.ts';

/**
 * X of (A + damping * mean diagonal * I) X = B for a symmetric positive semidefinite A [n, n] and B [n, m], by
 * Cholesky factorisation in float64.
 *
 * @param damping share of A's mean diagonal that is added to it: above 0, so that a singular A can be solved
 * @throws RangeError where A is not positive even so (NaN or infinite entries among them)
 */
export function solvePositive(a: Matrix, b: Matrix, damping: number): Matrix {
  const n = a.rows;
  let trace = 0;
  for (let i = 0; i < n; i++) trace += a.data[i * n + i]!;
  // All zero: any positive number does, and the answer is zero where B is.
  const added = trace > 0 ? (damping * trace) / n : 1;
  const lower = factorise(a, added);
  const x = matrix(n, b.cols, b.data);
  const m = b.cols;
  for (let i = 0; i < n; i++) {
    const row = x.data.subarray(i * m, (i + 1) * m);
    for (let k = 0; k < i; k++) subtractRow(row, x.data, k * m, lower[i * n + k]!);
    divideRow(row, lower[i * n + i]!);
  }
  for (let i = n - 1; i >= 0; i--) {
    const row = x.data.subarray(i * m, (i + 1) * m);
    for (let k = i + 1; k < n; k++) subtractRow(row, x.data, k * m, lower[k * n + i]!);
    divideRow(row, lower[i * n + i]!);
  }
  return x;
}

function factorise(a: Matrix, added: number): Float64Array {
  const n = a.rows;
  const lower = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a.data[i * n + j]! + (i === j ? added : 0);
      const ri = i * n;
      const rj = j * n;
      for (let k = 0; k < j; k++) sum -= lower[ri + k]! * lower[rj + k]!;
      if (i !== j) lower[ri + j] = sum / lower[rj + j]!;
      else if (sum > 0) lower[ri + i] = Math.sqrt(sum);
      else throw new RangeError(`the matrix is not positive: pivot ${i} is ${sum}`);
    }
  }
  return lower;
}

function subtractRow(row: Float64Array, data: Float64Array, from: number, factor: number): void {
  if (factor === 0) return;
  for (let j = 0; j < row.length; j++) row[j]! -= factor * data[from + j]!;
}

function divideRow(row: Float64Array, divisor: number): void {
  for (let j = 0; j < row.length; j++) row[j]! /= divisor;
}
