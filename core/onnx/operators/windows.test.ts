import { describe, expect, it } from 'vitest';
import { dataTypes } from '../dataType.ts';
import { callForTest, floats, ints, shapeForTest } from './callForTest.ts';

describe('pooling', () => {
  it('counts windows, a hanging one in ceil mode only', () => {
    const attributes = { kernel_shape: [2, 2], strides: [2, 2] };
    expect(shapeForTest('MaxPool', [floats(1, 8, 5, 6)], attributes)).toEqual([1, 8, 2, 3]);
    expect(shapeForTest('AveragePool', [floats(1, 8, 5, 6)], { ...attributes, ceil_mode: 1 })).toEqual([
      1, 8, 3, 3,
    ]);
    expect(shapeForTest('GlobalAveragePool', [floats(1, 8, 5, 6)])).toEqual([1, 8, 1, 1]);
  });
});

describe('Resize', () => {
  const scales = { type: dataTypes.FLOAT, shape: [4], values: [1, 1, 2, 2.5] };

  it('takes sizes, scales, or scales alone as before operator set 11', () => {
    expect(shapeForTest('Resize', [floats(1, 8, 4, 5), undefined, undefined, ints(1, 8, 16, 20)])).toEqual([
      1, 8, 16, 20,
    ]);
    expect(shapeForTest('Resize', [floats(1, 8, 4, 5), undefined, scales])).toEqual([1, 8, 8, 12]);
    expect(shapeForTest('Resize', [floats(1, 8, 4, 5), scales])).toEqual([1, 8, 8, 12]);
    expect(shapeForTest('Upsample', [floats(1, 8, 4, 5)], { scales: { floats: [1, 1, 2, 2] } })).toEqual([
      1, 8, 8, 10,
    ]);
  });

  it('takes the axes that it is told', () => {
    expect(
      shapeForTest('Resize', [floats(1, 8, 4, 5), undefined, undefined, ints(16, 20)], { axes: [2, -1] }),
    ).toEqual([1, 8, 16, 20]);
  });

  it('knows nothing of sizes that depend on the picture', () => {
    const unknown = { type: dataTypes.INT64, shape: [4] };
    expect(callForTest('Resize', [floats(1, 8, 4, 5), undefined, undefined, unknown]).outputs).toEqual([]);
  });
});
