import { dataTypes } from '../dataType.ts';
import { elementCount } from '../tensor.ts';
import { factOf, maxKnownElements, valuesFrom } from './dims.ts';
import { requiredInput, sameAsFirstInput } from './operator.ts';
import type { Operator, OperatorTable } from './operator.ts';

/** From the front or the end, kept inside 0 to rank. */
function clampAxis(axis: number, rank: number): number {
  return Math.min(Math.max(axis < 0 ? axis + rank : axis, 0), rank);
}

const shapeOf: Operator = {
  infer: (call) => {
    const { shape } = requiredInput(call, 0);
    const start = clampAxis(call.attributes.int('start', 0), shape.length);
    const end = clampAxis(call.attributes.int('end', shape.length), shape.length);
    const dims = shape.slice(start, Math.max(start, end));
    return [{ type: dataTypes.INT64, shape: [dims.length], values: dims }];
  },
};

const sizeOf: Operator = {
  infer: (call) => [
    { type: dataTypes.INT64, shape: [], values: [elementCount(requiredInput(call, 0).shape)] },
  ],
};

const range: Operator = {
  infer: (call) => {
    const { type, values: start } = requiredInput(call, 0);
    const limit = requiredInput(call, 1).values?.[0];
    const step = requiredInput(call, 2).values?.[0];
    const first = start?.[0];
    if (first === undefined || limit === undefined || step === undefined || step === 0) return [];
    const shape = [Math.max(0, Math.ceil((limit - first) / step))];
    return [
      factOf(
        type,
        shape,
        valuesFrom(shape, ([i]) => first + i! * step),
      ),
    ];
  },
};

/** Passes its input on, values and all. */
const identity: Operator = { copies: true, infer: (call) => [requiredInput(call, 0)] };

const dropout: Operator = {
  copies: true,
  infer: (call) => {
    const input = requiredInput(call, 0);
    return [input, { type: dataTypes.BOOL, shape: input.shape }];
  },
};

/** Indices of the entries that are not zero: known only where the values are. */
const nonZero: Operator = {
  infer: (call) => {
    const { shape, values } = requiredInput(call, 0);
    if (!values || values.length > maxKnownElements || shape.length !== 1) return [];
    const found = values.flatMap((value, i) => (value !== 0 ? [i] : []));
    return [{ type: dataTypes.INT64, shape: [1, found.length], values: found }];
  },
};

const eyeLike: Operator = {
  infer: (call) => {
    const { type, shape } = requiredInput(call, 0);
    return [{ type: call.attributes.int('dtype', type), shape }];
  },
};

/** Operators that make or pass on tensors; Constant and ConstantOfShape, which read the file, are the evaluator's. */
export const constantOperators: OperatorTable = {
  Shape: shapeOf,
  Size: sizeOf,
  Range: range,
  Identity: identity,
  Dropout: dropout,
  NonZero: nonZero,
  EyeLike: eyeLike,
  Bernoulli: sameAsFirstInput,
};
