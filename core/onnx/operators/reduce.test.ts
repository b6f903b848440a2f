import { describe, expect, it } from 'vitest';
import { dataTypes } from '../dataType.ts';
import { callForTest, floats, int, ints, shapeForTest, valuesForTest } from './callForTest.ts';

const matrix = { type: dataTypes.INT64, shape: [2, 3], values: [1, 2, 3, 4, 5, 6] };

describe('reductions', () => {
  it('keep or drop axes, from attribute or input', () => {
    expect(shapeForTest('ReduceMean', [floats(1, 5, 8)], { axes: [-1] })).toEqual([1, 5, 1]);
    expect(shapeForTest('ReduceMax', [floats(1, 5, 8), ints(1)], { keepdims: 0 })).toEqual([1, 8]);
    expect(shapeForTest('ReduceSum', [floats(2, 3)])).toEqual([1, 1]);
    expect(shapeForTest('ReduceSum', [floats(2, 3)], { noop_with_empty_axes: 1 })).toEqual([2, 3]);
  });

  it('compute values', () => {
    expect(valuesForTest('ReduceSum', [matrix, ints(0)], { keepdims: 0 })).toEqual([5, 7, 9]);
    expect(valuesForTest('ReduceProd', [matrix, ints(1)])).toEqual([6, 120]);
    expect(valuesForTest('ReduceMax', [matrix], { keepdims: 0 })).toEqual([6]);
  });

  it('say which axis there is not', () => {
    expect(() => callForTest('ReduceMean', [floats(2, 3)], { axes: [2] })).toThrow(
      'axis 2 of a tensor with 2 dimensions',
    );
  });
});

it('ArgMax gives indices', () => {
  expect(callForTest('ArgMax', [floats(1, 11, 4, 4)], { axis: 1, keepdims: 0 }).outputs[0]).toEqual({
    type: dataTypes.INT64,
    shape: [1, 4, 4],
  });
});

describe('TopK', () => {
  it('keeps k along its axis', () => {
    const { outputs } = callForTest('TopK', [floats(1, 128), ints(90)], {}, 2);
    expect(outputs).toEqual([floats(1, 90), { type: dataTypes.INT64, shape: [1, 90] }]);
  });

  it('knows nothing of a k that depends on the picture and refuses one too many', () => {
    expect(callForTest('TopK', [floats(8), { type: dataTypes.INT64, shape: [1] }]).outputs).toEqual([]);
    expect(() => callForTest('TopK', [floats(8), int(9)])).toThrow('the 9 largest along axis 0 of 8');
  });
});
