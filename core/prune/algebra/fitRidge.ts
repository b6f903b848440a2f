import { matrix, multiply, transpose, type Matrix } from './matrix.ts';
import { symmetricEigen } from './symmetricEigen.ts';

/** y = weight x + bias. */
export interface AffineFit {
  /** [outputs, inputs] */
  readonly weight: Matrix;
  /** [outputs] */
  readonly bias: Float64Array;
  /** What was added to the Gram matrix's diagonal; Infinity: the inputs say nothing and y is its mean. */
  readonly lambda: number;
  /** Error expected on new samples as a share of the outputs' variance: 0 knows all, 1 no better than the mean. */
  readonly unexplained: number;
}

/** Shares of the largest eigenvalue that are tried. */
const LAMBDAS = [1e-5, 1e-4, 1e-3, 1e-2, 3e-2, 0.1, 0.3, 1, 10];

/**
 * Ridge regression of all outputs with one lambda, which generalised cross-validation chooses (Golub, Heath and
 * Wahba 1979). Computed in the samples' space, so that it may have more inputs than samples.
 *
 * @param inputs [samples, inputs], @param outputs [samples, outputs]
 * @throws RangeError for no samples, or different numbers of them
 */
export function fitRidge(inputs: Matrix, outputs: Matrix): AffineFit {
  const n = inputs.rows;
  if (n === 0 || n !== outputs.rows) throw new RangeError(`${n} inputs for ${outputs.rows} outputs`);
  const [x, meanX] = centred(inputs);
  const [y, meanY] = centred(outputs);
  const { values, vectors } = symmetricEigen(multiply(x, transpose(x)));
  const rotated = multiply(transpose(vectors), y);
  const powers = rowPowers(rotated);
  const total = powers.reduce((sum, power) => sum + power, 0);
  const largest = Math.max(values[0] ?? 0, 0);

  // The mean alone costs one degree of freedom; more inputs must beat it on samples that were left out.
  let best = { lambda: Infinity, error: total / (1 - 1 / Math.max(2, n)) ** 2 };
  if (largest > 0 && n > 2) {
    for (const share of LAMBDAS) {
      const lambda = share * largest;
      let residual = 0;
      let freedom = 1;
      powers.forEach((power, i) => {
        const kept = Math.max(values[i]!, 0) / (Math.max(values[i]!, 0) + lambda);
        residual += (1 - kept) ** 2 * power;
        freedom += kept;
      });
      const error = freedom < n ? residual / (1 - freedom / n) ** 2 : Infinity;
      if (error < best.error) best = { lambda, error };
    }
  }
  const weight = weightOf(x, vectors, values, rotated, best.lambda);
  const bias = Float64Array.from(meanY, (mean, j) => {
    let sum = mean;
    for (let k = 0; k < meanX.length; k++) sum -= weight.data[j * meanX.length + k]! * meanX[k]!;
    return sum;
  });
  return { weight, bias, lambda: best.lambda, unexplained: total > 0 ? Math.min(1, best.error / total) : 1 };
}

/** Y^T U (S + lambda)^-1 U^T X. */
function weightOf(x: Matrix, vectors: Matrix, values: Float64Array, rotated: Matrix, lambda: number): Matrix {
  if (lambda === Infinity) return matrix(rotated.cols, x.cols);
  const scaled = matrix(rotated.rows, rotated.cols, rotated.data);
  for (let i = 0; i < scaled.rows; i++) {
    const divisor = Math.max(values[i]!, 0) + lambda;
    for (let j = 0; j < scaled.cols; j++) scaled.data[i * scaled.cols + j]! /= divisor;
  }
  return multiply(transpose(scaled), multiply(transpose(vectors), x));
}

function centred(a: Matrix): [Matrix, Float64Array] {
  const mean = new Float64Array(a.cols);
  a.data.forEach((value, i) => (mean[i % a.cols]! += value / a.rows));
  const out = matrix(a.rows, a.cols, a.data);
  for (let i = 0; i < out.data.length; i++) out.data[i]! -= mean[i % a.cols]!;
  return [out, mean];
}

function rowPowers(a: Matrix): Float64Array {
  const out = new Float64Array(a.rows);
  a.data.forEach((value, i) => (out[Math.floor(i / a.cols)]! += value * value));
  return out;
}
