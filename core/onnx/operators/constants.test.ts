import { expect, it } from 'vitest';
import { dataTypes } from '../dataType.ts';
import { callForTest, floats, int, ints, valuesForTest } from './callForTest.ts';

it('Shape gives dimensions, a stretch of them where asked', () => {
  expect(callForTest('Shape', [floats(1, 3, 512, 768)]).outputs[0]).toEqual(ints(1, 3, 512, 768));
  expect(valuesForTest('Shape', [floats(1, 3, 512, 768)], { start: -2 })).toEqual([512, 768]);
  expect(valuesForTest('Shape', [floats(1, 3, 512, 768)], { start: 1, end: 2 })).toEqual([3]);
  expect(callForTest('Size', [floats(2, 3)]).outputs[0]).toEqual(int(6));
});

it('Range counts in steps and knows nothing of unknown limits', () => {
  expect(valuesForTest('Range', [int(0), int(5), int(2)])).toEqual([0, 2, 4]);
  expect(valuesForTest('Range', [int(3), int(0), int(-1)])).toEqual([3, 2, 1]);
  expect(callForTest('Range', [int(0), { type: dataTypes.INT64, shape: [] }, int(1)]).outputs).toEqual([]);
  expect(callForTest('Range', [int(0), int(5), int(0)]).outputs).toEqual([]);
});

it('Range of more numbers than are followed has a shape only', () => {
  expect(callForTest('Range', [int(0), int(1e9), int(1)]).outputs[0]).toEqual({
    type: dataTypes.INT64,
    shape: [1e9],
  });
});

it('Identity and Dropout pass values on', () => {
  expect(valuesForTest('Identity', [ints(4)])).toEqual([4]);
  expect(valuesForTest('Dropout', [ints(4)])).toEqual([4]);
});

it('NonZero knows positions where it knows values', () => {
  expect(callForTest('NonZero', [ints(0, 7, 0, 7)]).outputs[0]).toMatchObject({
    shape: [1, 2],
    values: [1, 3],
  });
  expect(callForTest('NonZero', [floats(4)]).outputs).toEqual([]);
});
