import { expect, it } from 'vitest';
import { dataTypes } from '../dataType.ts';
import { callForTest, floats } from './callForTest.ts';

const int8 = (...shape: number[]) => ({ type: dataTypes.INT8, shape });

it('QuantizeLinear takes the type of its zero point', () => {
  expect(callForTest('QuantizeLinear', [floats(2, 3), floats(), int8()]).outputs).toEqual([int8(2, 3)]);
  expect(callForTest('QuantizeLinear', [floats(2, 3), floats()]).outputs).toEqual([
    { type: dataTypes.UINT8, shape: [2, 3] },
  ]);
});

it('DequantizeLinear takes the type of its scale', () => {
  expect(callForTest('DequantizeLinear', [int8(2, 3), floats(), int8()]).outputs).toEqual([floats(2, 3)]);
});

it('DynamicQuantizeLinear gives the tensor, its scale and its zero point', () => {
  expect(callForTest('DynamicQuantizeLinear', [floats(2, 3)], {}, 3).outputs).toEqual([
    { type: dataTypes.UINT8, shape: [2, 3] },
    floats(),
    { type: dataTypes.UINT8, shape: [] },
  ]);
});

it('QLinearAdd broadcasts its two tensors', () => {
  const inputs = [int8(2, 3), floats(), int8(), int8(3), floats(), int8(), floats(), int8()];
  expect(callForTest('com.microsoft::QLinearAdd', inputs).outputs).toEqual([int8(2, 3)]);
});
