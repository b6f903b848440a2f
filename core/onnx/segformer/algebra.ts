import type { Weight } from './segformerGraph.ts';

/*
 * Products of weights, summed in float64: what is computed once here must be no less exact than what it replaces.
 */

/** a [m, k] times b [k, n]. */
export function multiplyMatrices(a: Weight, b: Weight): Weight {
  const [m = 0, k = 0] = a.dims;
  const [, n = 0] = b.dims;
  const out = new Float64Array(m * n);
  for (let i = 0; i < m; i++) {
    for (let l = 0; l < k; l++) {
      const factor = a.data[i * k + l]!;
      if (factor === 0) continue;
      for (let j = 0; j < n; j++) out[i * n + j]! += factor * b.data[l * n + j]!;
    }
  }
  return { dims: [m, n], data: Float32Array.from(out) };
}

/** a [m, k] times x [k], plus y [m]. */
export function multiplyVector(a: Weight, x: ArrayLike<number>, y?: ArrayLike<number> | null): Float64Array {
  const [m = 0, k = 0] = a.dims;
  return Float64Array.from({ length: m }, (_, i) => {
    let total = y ? y[i]! : 0;
    for (let l = 0; l < k; l++) total += a.data[i * k + l]! * x[l]!;
    return total;
  });
}

/** [m, n] to [n, m]. */
export function transposed({ dims, data }: Weight): Weight {
  const [m = 0, n = 0] = dims;
  const out = new Float32Array(data.length);
  for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) out[j * m + i] = data[i * n + j]!;
  return { dims: [n, m], data: out };
}

/** Some rows of a weight, in the order given. */
export function takeRows({ dims, data }: Weight, rows: readonly number[]): Weight {
  const [, ...rest] = dims;
  const width = rest.reduce((product, dim) => product * dim, 1);
  const out = new Float32Array(rows.length * width);
  rows.forEach((row, i) => out.set(data.subarray(row * width, (row + 1) * width), i * width));
  return { dims: [rows.length, ...rest], data: out };
}
