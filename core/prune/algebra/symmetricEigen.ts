import { diagonalMatrix, matrix, type Matrix } from './matrix.ts';

/** A = V diag(values) V^T: values from the largest down, their vectors in the columns of `vectors`. */
export interface SymmetricEigen {
  readonly values: Float64Array;
  readonly vectors: Matrix;
}

/** Off-diagonal entries below this share of the matrix's norm are rounding. */
const RELATIVE_ACCURACY = 1e-14;
const MAX_SWEEPS = 60;

/**
 * Eigenvalues and vectors of a symmetric matrix, by cyclic Jacobi rotations (Golub and Van Loan, 8.5): slow for
 * hundreds of rows, and accurate for small eigenvalues too. Only for real symmetric input; it is not checked.
 */
export function symmetricEigen(a: Matrix): SymmetricEigen {
  const n = a.rows;
  const m = Float64Array.from(a.data);
  // Rows of v are the vectors while it works: both loops then walk along memory.
  const v = diagonalMatrix(new Float64Array(n).fill(1)).data;
  let norm = 0;
  for (const value of m) norm += value * value;
  const small = Math.sqrt(norm) * RELATIVE_ACCURACY;
  for (let sweep = 0; sweep < MAX_SWEEPS; sweep++) {
    let largest = 0;
    for (let p = 0; p < n - 1; p++) {
      for (let q = p + 1; q < n; q++) {
        const off = m[p * n + q]!;
        largest = Math.max(largest, Math.abs(off));
        if (Math.abs(off) <= small) continue;
        const theta = (m[q * n + q]! - m[p * n + p]!) / (2 * off);
        const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
        const c = 1 / Math.sqrt(t * t + 1);
        rotate(m, v, n, { p, q, t, c, s: t * c });
      }
    }
    if (largest <= small) break;
  }
  return sorted(m, v, n);
}

interface Rotation {
  readonly p: number;
  readonly q: number;
  readonly t: number;
  readonly c: number;
  readonly s: number;
}

function rotate(m: Float64Array, v: Float64Array, n: number, { p, q, t, c, s }: Rotation): void {
  const off = m[p * n + q]!;
  m[p * n + p]! -= t * off;
  m[q * n + q]! += t * off;
  m[p * n + q] = 0;
  m[q * n + p] = 0;
  for (let i = 0; i < n; i++) {
    if (i !== p && i !== q) {
      const ip = m[p * n + i]!;
      const iq = m[q * n + i]!;
      const newP = c * ip - s * iq;
      const newQ = s * ip + c * iq;
      m[p * n + i] = newP;
      m[i * n + p] = newP;
      m[q * n + i] = newQ;
      m[i * n + q] = newQ;
    }
    const vp = v[p * n + i]!;
    const vq = v[q * n + i]!;
    v[p * n + i] = c * vp - s * vq;
    v[q * n + i] = s * vp + c * vq;
  }
}

function sorted(m: Float64Array, rows: Float64Array, n: number): SymmetricEigen {
  const order = Array.from({ length: n }, (_, i) => i).sort((i, j) => m[j * n + j]! - m[i * n + i]!);
  const values = Float64Array.from(order, (i) => m[i * n + i]!);
  const vectors = matrix(n, n);
  order.forEach((from, to) => {
    for (let i = 0; i < n; i++) vectors.data[i * n + to] = rows[from * n + i]!;
  });
  return { values, vectors };
}
