import type { Weight } from './segformer/segformerGraph.ts';

/** A matrix [rows, columns] on a grid of 255 steps for each row, 0 in its middle. */
export interface Int8Rows {
  /** -127 to 127, [rows, columns]. */
  readonly values: Int8Array<ArrayBuffer>;
  /** What a step is worth, [rows]; 1 for a row of zeros. */
  readonly scales: Float32Array<ArrayBuffer>;
}

/** The nearest numbers of a grid for each row, its largest one 127 steps away from 0. What is on such a grid stays. */
export function quantiseRows({ dims, data }: Weight): Int8Rows {
  const rows = dims[0] ?? 0;
  const columns = data.length / Math.max(1, rows);
  const values = new Int8Array(data.length);
  const scales = new Float32Array(rows).fill(1);
  for (let row = 0; row < rows; row++) {
    const part = data.subarray(row * columns, (row + 1) * columns);
    const largest = part.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    if (largest === 0) continue;
    const scale = Math.fround(largest / 127);
    scales[row] = scale;
    part.forEach((value, i) => {
      values[row * columns + i] = Math.max(-127, Math.min(127, Math.round(value / scale)));
    });
  }
  return { values, scales };
}

/** The weight rounded to such a grid, and marked for products in integers. */
export function roundToInt8(weight: Weight): Weight {
  const { values, scales } = quantiseRows(weight);
  const columns = values.length / Math.max(1, scales.length);
  const data = Float32Array.from(values, (value, i) => value * scales[Math.floor(i / columns)]!);
  return { dims: weight.dims, data, int8: true };
}

/** [rows, columns] to [columns, rows]. */
export function transposedInt8(values: Int8Array, rows: number): Int8Array<ArrayBuffer> {
  const columns = values.length / Math.max(1, rows);
  const out = new Int8Array(values.length);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) out[j * rows + i] = values[i * columns + j]!;
  }
  return out;
}
