import { describe, expect, it } from 'vitest';
import { quantiseRows, roundToInt8, transposedInt8 } from './int8.ts';

const weight = { dims: [3, 2], data: Float32Array.of(1.27, -0.63, 0, 0, -2.54, 0.011) };

describe('a matrix in 8 bits', () => {
  it('has a step per row, its largest value 127 of them', () => {
    const { values, scales } = quantiseRows(weight);
    expect(Array.from(values)).toEqual([127, -63, 0, 0, -127, 1]);
    expect(Array.from(scales, (scale) => scale.toFixed(4))).toEqual(['0.0100', '1.0000', '0.0200']);
  });

  it('rounded once stays as it is when it is rounded again', () => {
    const once = roundToInt8(weight);
    expect(once.int8).toBe(true);
    expect(roundToInt8(once)).toEqual(once);
    once.data.forEach((value, i) => expect(Math.abs(value - weight.data[i]!)).toBeLessThanOrEqual(0.0101));
  });

  it('transposed has its columns as rows', () => {
    expect(Array.from(transposedInt8(Int8Array.of(1, 2, 3, 4, 5, 6), 3))).toEqual([1, 3, 5, 2, 4, 6]);
  });
});
