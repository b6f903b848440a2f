import { dataTypes } from '../dataType.ts';
import { broadcastShapes } from './dims.ts';
import { requiredInput } from './operator.ts';
import type { Operator, OperatorTable } from './operator.ts';

const quantize: Operator = {
  notParameters: [1, 2],
  infer: (call) => {
    const { shape } = requiredInput(call, 0);
    const stated = call.attributes.int('output_dtype', 0);
    return [{ type: stated === 0 ? (call.inputs[2]?.type ?? dataTypes.UINT8) : stated, shape }];
  },
};

const dequantize: Operator = {
  copies: true,
  notParameters: [1, 2],
  int32Parameters: true,
  infer: (call) => [{ type: requiredInput(call, 1).type, shape: requiredInput(call, 0).shape }],
};

/** The quantised picture of a tensor, its scale and its zero point. */
const dynamicQuantize: Operator = {
  infer: (call) => [
    { type: dataTypes.UINT8, shape: requiredInput(call, 0).shape },
    { type: dataTypes.FLOAT, shape: [] },
    { type: dataTypes.UINT8, shape: [] },
  ],
};

/** a, its scale and zero point, b, its scale and zero point, those of the result. */
const qLinearBinary: Operator = {
  notParameters: [1, 2, 4, 5, 6, 7],
  infer: (call) => {
    const a = requiredInput(call, 0);
    return [{ type: a.type, shape: broadcastShapes(a.shape, requiredInput(call, 3).shape) }];
  },
};

const qLinearUnary: Operator = {
  notParameters: [1, 2, 3, 4],
  infer: (call) => {
    const { type, shape } = requiredInput(call, 0);
    return [{ type, shape }];
  },
};

/** Operators around quantised numbers; the quantised products are with the products. */
export const quantisedOperators: OperatorTable = {
  QuantizeLinear: quantize,
  DequantizeLinear: dequantize,
  DynamicQuantizeLinear: dynamicQuantize,
  'com.microsoft::QuantizeLinear': quantize,
  'com.microsoft::DequantizeLinear': dequantize,
  'com.microsoft::QLinearAdd': qLinearBinary,
  'com.microsoft::QLinearMul': qLinearBinary,
  'com.microsoft::QLinearLeakyRelu': qLinearUnary,
  'com.microsoft::QLinearSigmoid': qLinearUnary,
  'com.microsoft::QLinearSoftmax': qLinearUnary,
};
