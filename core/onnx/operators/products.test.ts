import { describe, expect, it } from 'vitest';
import { dataTypes } from '../dataType.ts';
import { callForTest, floats, shapeForTest } from './callForTest.ts';

describe('Conv', () => {
  it('takes strides, pads and dilations into account', () => {
    const { outputs, macs } = callForTest('Conv', [floats(1, 3, 512, 512), floats(32, 3, 7, 7)], {
      strides: [4, 4],
      pads: [3, 3, 3, 3],
    });
    expect(outputs[0]?.shape).toEqual([1, 32, 128, 128]);
    expect(macs).toBe(128 * 128 * 32 * 3 * 49);
    expect(shapeForTest('Conv', [floats(1, 4, 9, 9), floats(4, 4, 3, 3)], { dilations: [2, 3] })).toEqual([
      1, 4, 5, 3,
    ]);
  });

  it('counts one channel per group', () => {
    const { macs } = callForTest('Conv', [floats(1, 128, 16, 16), floats(128, 1, 3, 3)], {
      group: 128,
      pads: [1, 1, 1, 1],
    });
    expect(macs).toBe(16 * 16 * 128 * 9);
  });

  it('rounds up under auto_pad SAME_UPPER and takes no padding under VALID', () => {
    const inputs = [floats(1, 1, 7, 7), floats(1, 1, 3, 3)];
    expect(shapeForTest('Conv', inputs, { auto_pad: 'SAME_UPPER', strides: [2, 2] })).toEqual([1, 1, 4, 4]);
    expect(shapeForTest('Conv', inputs, { auto_pad: 'VALID', pads: [1, 1, 1, 1] })).toEqual([1, 1, 5, 5]);
  });

  it('says which weights do not fit', () => {
    expect(() => callForTest('Conv', [floats(1, 3, 8, 8), floats(4, 2, 1, 1)])).toThrow(
      'the weights 4x2x1x1 in 1 groups do not fit 1x3x8x8',
    );
    expect(() => callForTest('Conv', [floats(1, 1, 2, 2), floats(1, 1, 3, 3)])).toThrow(
      'a kernel of 3x3 on an input of only 2x2',
    );
  });
});

describe('ConvTranspose', () => {
  it('multiplies every input position with the kernel', () => {
    const { outputs, macs } = callForTest('ConvTranspose', [floats(1, 8, 5, 5), floats(8, 4, 2, 2)], {
      strides: [2, 2],
    });
    expect(outputs[0]?.shape).toEqual([1, 4, 10, 10]);
    expect(macs).toBe(8 * 25 * 4 * 4);
  });
});

describe('MatMul', () => {
  it('broadcasts batches and counts every product', () => {
    const { outputs, macs } = callForTest('MatMul', [floats(2, 1, 5, 3), floats(4, 3, 7)]);
    expect(outputs[0]?.shape).toEqual([2, 4, 5, 7]);
    expect(macs).toBe(2 * 4 * 5 * 7 * 3);
  });

  it('takes vectors on either side', () => {
    expect(shapeForTest('MatMul', [floats(3), floats(3, 4)])).toEqual([4]);
    expect(shapeForTest('MatMul', [floats(2, 3), floats(3)])).toEqual([2]);
    expect(callForTest('MatMul', [floats(3), floats(3)])).toMatchObject({
      outputs: [{ shape: [] }],
      macs: 3,
    });
  });

  it('says which shapes do not fit', () => {
    expect(() => callForTest('MatMul', [floats(2, 3), floats(4, 5)])).toThrow(
      'the shapes 2x3 and 4x5 cannot be multiplied',
    );
  });
});

describe('Gemm', () => {
  it('transposes before it multiplies', () => {
    const { outputs, macs } = callForTest('Gemm', [floats(3, 2), floats(5, 3), floats(5)], {
      transA: 1,
      transB: 1,
    });
    expect(outputs[0]?.shape).toEqual([2, 5]);
    expect(macs).toBe(2 * 3 * 5);
    expect(() => callForTest('Gemm', [floats(1, 2, 3), floats(3, 4)])).toThrow(
      'takes two matrices, not 1x2x3 and 3x4',
    );
  });
});

describe('Einsum', () => {
  it('multiplies over every letter', () => {
    const { outputs, macs } = callForTest('Einsum', [floats(2, 3, 4), floats(2, 5, 4)], {
      equation: 'b i d, b j d -> b i j',
    });
    expect(outputs[0]?.shape).toEqual([2, 3, 5]);
    expect(macs).toBe(2 * 3 * 5 * 4);
    expect(callForTest('Einsum', [floats(2, 3)], { equation: 'ij->ji' })).toMatchObject({
      outputs: [{ shape: [3, 2] }],
      macs: 0,
    });
  });
});

describe('products of quantised numbers', () => {
  const bytes = (...shape: number[]) => ({ type: dataTypes.INT8, shape });

  it('have the shapes and counts of the float ones', () => {
    expect(callForTest('MatMulInteger', [bytes(4, 6), bytes(6, 2)])).toEqual({
      outputs: [{ type: dataTypes.INT32, shape: [4, 2] }],
      macs: 48,
    });
    const scale = floats();
    const zero = bytes();
    expect(
      callForTest('QLinearMatMul', [bytes(4, 6), scale, zero, bytes(6, 2), scale, zero, scale, zero]),
    ).toEqual({ outputs: [{ type: dataTypes.INT8, shape: [4, 2] }], macs: 48 });
    expect(
      callForTest('QLinearConv', [
        bytes(1, 2, 4, 4),
        scale,
        zero,
        bytes(3, 2, 1, 1),
        scale,
        zero,
        scale,
        zero,
      ]),
    ).toEqual({ outputs: [{ type: dataTypes.INT8, shape: [1, 3, 4, 4] }], macs: 96 });
    expect(callForTest('com.microsoft::DynamicQuantizeMatMul', [floats(4, 6), bytes(6, 2), scale])).toEqual({
      outputs: [{ type: dataTypes.FLOAT, shape: [4, 2] }],
      macs: 48,
    });
  });
});

describe('com.microsoft::FusedMatMul', () => {
  it('transposes the last two dimensions', () => {
    const { outputs, macs } = callForTest(
      'com.microsoft::FusedMatMul',
      [floats(1, 2, 8, 5), floats(1, 2, 8, 6)],
      {
        transA: 1,
      },
    );
    expect(outputs[0]?.shape).toEqual([1, 2, 5, 6]);
    expect(macs).toBe(2 * 5 * 6 * 8);
  });
});
