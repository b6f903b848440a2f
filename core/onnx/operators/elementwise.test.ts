import { describe, expect, it } from 'vitest';
import { dataTypes } from '../dataType.ts';
import { callForTest, floats, int, ints, shapeForTest, valuesForTest } from './callForTest.ts';

const float = (value: number) => ({ type: dataTypes.FLOAT, shape: [], values: [value] });

describe('arithmetic on shapes', () => {
  it('divides integers without a fraction and keeps that of floats', () => {
    expect(valuesForTest('Div', [ints(7, -7), int(2)])).toEqual([3, -3]);
    expect(valuesForTest('Div', [float(7), float(2)])).toEqual([3.5]);
    expect(valuesForTest('Mod', [ints(7, -7), int(4)])).toEqual([3, 1]);
    expect(valuesForTest('Mod', [ints(-7), int(4)], { fmod: 1 })).toEqual([-3]);
  });

  it('rounds floats as float32 does', () => {
    expect(valuesForTest('Mul', [float(0.1), float(3)])).toEqual([Math.fround(Math.fround(0.1) * 3)]);
  });

  it('broadcasts values', () => {
    const column = { type: dataTypes.INT64, shape: [2, 1], values: [10, 20] };
    expect(callForTest('Add', [column, ints(1, 2, 3)]).outputs[0]).toEqual({
      type: dataTypes.INT64,
      shape: [2, 3],
      values: [11, 12, 13, 21, 22, 23],
    });
  });

  it('says which shapes do not fit', () => {
    expect(() => callForTest('Add', [floats(2, 3), floats(2, 4)])).toThrow(
      'the shapes 2x3 and 2x4 do not fit each other',
    );
  });

  it('knows no values where an input has none', () => {
    expect(callForTest('Add', [floats(2), floats(2)]).outputs).toEqual([floats(2)]);
  });
});

describe('comparisons and choices', () => {
  it('give booleans and pick by them', () => {
    expect(callForTest('Equal', [ints(-1, 5), int(-1)]).outputs[0]).toEqual({
      type: dataTypes.BOOL,
      shape: [2],
      values: [1, 0],
    });
    expect(valuesForTest('Where', [ints(1, 0), ints(8, 8), ints(-1, 5)])).toEqual([8, 5]);
    expect(valuesForTest('Max', [ints(1, 9), ints(4, 4), ints(0, 10)])).toEqual([4, 10]);
  });
});

describe('Cast', () => {
  it('drops fractions and makes booleans', () => {
    const values = { type: dataTypes.FLOAT, shape: [3], values: [2.7, -2.7, 0] };
    expect(valuesForTest('Cast', [values], { to: dataTypes.INT64 })).toEqual([2, -2, 0]);
    expect(valuesForTest('Cast', [values], { to: dataTypes.BOOL })).toEqual([1, 1, 0]);
  });
});

it('Clip knows its bounds from attributes or inputs', () => {
  expect(valuesForTest('Clip', [ints(-5, 5, 15), int(0), int(10)])).toEqual([0, 5, 10]);
  expect(valuesForTest('Clip', [float(2)], { max: { float: 1 } })).toEqual([1]);
  expect(valuesForTest('Clip', [ints(1), { type: dataTypes.INT64, shape: [] }])).toBeUndefined();
});

it('Round goes to the even number', () => {
  const halves = { type: dataTypes.FLOAT, shape: [4], values: [0.5, 1.5, 2.5, -0.6] };
  expect(valuesForTest('Round', [halves])).toEqual([0, 2, 2, -1]);
});

it.each(['Erf', 'Gelu', 'Softmax', 'Sigmoid', 'PRelu', 'com.microsoft::Gelu', 'com.microsoft::FastGelu'])(
  '%s keeps the shape and counts nothing',
  (op) => {
    const { outputs, macs } = callForTest(op, [floats(1, 5, 8), floats(8)]);
    expect(outputs[0]?.shape).toEqual([1, 5, 8]);
    expect(macs).toBe(0);
  },
);

it('BiasGelu broadcasts its bias', () => {
  expect(shapeForTest('com.microsoft::BiasGelu', [floats(1, 5, 8), floats(8)])).toEqual([1, 5, 8]);
});
