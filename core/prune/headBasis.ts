import { matrix, multiply, transpose, type Matrix } from './algebra/matrix.ts';
import { symmetricEigen } from './algebra/symmetricEigen.ts';

/** An invertible change of a head's neurons: the new ones are `to` times the old, and `back` undoes it. [d, d] */
export interface Basis {
  readonly to: Matrix;
  readonly back: Matrix;
}

/** Share of the mean variance below which a direction counts as this much: the change stays well conditioned. */
const FLOOR = 1e-4;

/**
 * The basis in which a head's queries and keys say most with fewest pairs. A score is q^T k; for any invertible M it
 * is (M q)^T (M^-T k) too. With queries of second moment Q and keys of covariance K (what all keys share vanishes in
 * the softmax), the singular vectors U of Q^1/2 K^1/2 give M = U^T Q^-1/2: the first r pairs are then the best
 * approximation of rank r of the scores, in the mean square over queries and keys (Eckart and Young 1936).
 *
 * @param queries, @param keys [d, d]
 * @returns for the queries; keys take the inverse transposed
 */
export function scoreBasis(queries: Matrix, keys: Matrix): Basis {
  const { root, inverse } = squareRoot(queries);
  // U of A = Q^1/2 K^1/2 are the eigenvectors of A A^T = Q^1/2 K Q^1/2.
  const { vectors } = symmetricEigen(symmetric(multiply(multiply(root, keys), root)));
  return { to: multiply(transpose(vectors), inverse), back: multiply(root, vectors) };
}

/**
 * The basis in which a head's mixed values reach the output with fewest neurons: principal components of what is
 * added to the tokens, W z, for values of covariance Z read by W.
 *
 * @param mixed Z [d, d], @param reader W [C, d]: columns of the output projection
 */
export function valueBasis(mixed: Matrix, reader: Matrix): Basis {
  const { root, inverse } = squareRoot(mixed);
  const weighted = multiply(reader, root);
  const { vectors } = symmetricEigen(symmetric(multiply(transpose(weighted), weighted)));
  return { to: multiply(transpose(vectors), inverse), back: multiply(root, vectors) };
}

/** The symmetric square root of a covariance, and its inverse. */
function squareRoot(covariance: Matrix): { root: Matrix; inverse: Matrix } {
  const n = covariance.rows;
  const { values, vectors } = symmetricEigen(symmetric(covariance));
  const mean = values.reduce((sum, value) => sum + Math.max(value, 0), 0) / n;
  const floor = mean > 0 ? mean * FLOOR : 1;
  const scaled = (power: number) => {
    const left = matrix(n, n, vectors.data);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) left.data[i * n + j]! *= Math.max(values[j]!, floor) ** power;
    }
    return multiply(left, transpose(vectors));
  };
  return { root: scaled(0.5), inverse: scaled(-0.5) };
}

/** Rounding made even: Jacobi rotations take both halves to be the same. */
function symmetric(a: Matrix): Matrix {
  const n = a.rows;
  const out = matrix(n, n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) out.data[i * n + j] = (a.data[i * n + j]! + a.data[j * n + i]!) / 2;
  }
  return out;
}
