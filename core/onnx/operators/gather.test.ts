import { describe, expect, it } from 'vitest';
import { dataTypes } from '../dataType.ts';
import { callForTest, floats, int, ints, shapeForTest, valuesForTest } from './callForTest.ts';

const matrix = { type: dataTypes.INT64, shape: [2, 3], values: [1, 2, 3, 4, 5, 6] };

describe('Gather', () => {
  it('picks values, from the end too', () => {
    expect(callForTest('Gather', [ints(1, 3, 512, 768), int(2)]).outputs[0]).toEqual(int(512));
    expect(valuesForTest('Gather', [ints(1, 3, 512, 768), ints(-1, 0)])).toEqual([768, 1]);
    expect(valuesForTest('Gather', [matrix, ints(2, 0)], { axis: 1 })).toEqual([3, 1, 6, 4]);
    expect(() => callForTest('Gather', [ints(1, 2), int(2)])).toThrow('index 2 of 2');
  });

  it('puts the shape of the indices where the axis was', () => {
    const kept = { type: dataTypes.INT64, shape: [1, 5] };
    expect(shapeForTest('Gather', [floats(32, 128), kept], { axis: 1 })).toEqual([32, 1, 5]);
  });
});

it('GatherElements and GatherND have the shapes of their indices', () => {
  expect(shapeForTest('GatherElements', [floats(4, 6), floats(4, 2)], { axis: 1 })).toEqual([4, 2]);
  expect(shapeForTest('GatherND', [floats(2, 3, 4), floats(5, 2)])).toEqual([5, 4]);
  expect(shapeForTest('GatherND', [floats(2, 3, 4), floats(2, 7, 1)], { batch_dims: 1 })).toEqual([2, 7, 4]);
  expect(() => callForTest('GatherND', [floats(2), floats(5, 2)])).toThrow('indices of 5x2 into 2');
});

it('scattering keeps the shape', () => {
  expect(shapeForTest('ScatterND', [floats(4, 6), ints(0), floats(6)])).toEqual([4, 6]);
  expect(shapeForTest('ScatterElements', [floats(4, 6), floats(2, 2), floats(2, 2)])).toEqual([4, 6]);
});

it('OneHot adds a dimension of the depth', () => {
  expect(shapeForTest('OneHot', [floats(4), int(9), floats(2)])).toEqual([4, 9]);
});
