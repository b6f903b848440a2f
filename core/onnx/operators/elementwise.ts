import { dataTypes, isFloat } from '../dataType.ts';
import { broadcastOffset, broadcastShapes, factOf, valuesFrom } from './dims.ts';
import { requiredInput, sameAsFirstInput } from './operator.ts';
import type { Operator, OperatorTable, TensorFact } from './operator.ts';

/** As the type stores it: float32 rounds, integers drop their fraction, as ONNX's Cast and Div do. */
function store(type: number, value: number): number {
  if (type === dataTypes.FLOAT) return Math.fround(value);
  if (type === dataTypes.BOOL) return value === 0 ? 0 : 1;
  return isFloat(type) ? value : Math.trunc(value);
}

function unary(compute: (value: number) => number): Operator {
  return {
    infer: (call) => {
      const { type, shape, values } = requiredInput(call, 0);
      return [
        factOf(
          type,
          shape,
          values?.map((value) => store(type, compute(value))),
        ),
      ];
    },
  };
}

function combine(
  inputs: readonly TensorFact[],
  type: number,
  compute: (...values: number[]) => number,
): TensorFact {
  const shape = inputs.reduce<readonly number[]>((all, input) => broadcastShapes(all, input.shape), []);
  const known = inputs.every((input) => input.values !== undefined);
  const values = known
    ? valuesFrom(shape, (index) =>
        store(type, compute(...inputs.map((input) => input.values![broadcastOffset(input.shape, index)]!))),
      )
    : undefined;
  return factOf(type, shape, values);
}

function binary(compute: (a: number, b: number) => number): Operator {
  return {
    infer: (call) => {
      const a = requiredInput(call, 0);
      return [combine([a, requiredInput(call, 1)], a.type, compute)];
    },
  };
}

function comparison(compute: (a: number, b: number) => boolean): Operator {
  return {
    infer: (call) => {
      const inputs = [requiredInput(call, 0), requiredInput(call, 1)];
      return [combine(inputs, dataTypes.BOOL, (a, b) => (compute(a, b) ? 1 : 0))];
    },
  };
}

/** Max, Min, Sum, Mean: any number of inputs. */
function variadic(compute: (values: readonly number[]) => number): Operator {
  return {
    infer: (call) => {
      const { type } = requiredInput(call, 0);
      const inputs = call.inputs.map((_, i) => requiredInput(call, i));
      return [combine(inputs, type, (...values) => compute(values))];
    },
  };
}

const predicate: Operator = {
  infer: (call) => [{ type: dataTypes.BOOL, shape: requiredInput(call, 0).shape }],
};

/** Inputs that broadcast to one shape, without values: activations with a bias. */
const withBias: Operator = {
  infer: (call) => {
    const a = requiredInput(call, 0);
    const bias = call.inputs[1];
    return [{ type: a.type, shape: bias ? broadcastShapes(a.shape, bias.shape) : a.shape }];
  },
};

const mod = (a: number, b: number): number => a - b * Math.floor(a / b);
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Half to even, as ONNX's Round. */
function roundHalfEven(value: number): number {
  const rounded = Math.round(value);
  return Math.abs(value % 1) === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}

/** Functions of one number whose values no shape depends on. */
const activations = [
  ...['Acos', 'Acosh', 'Asin', 'Asinh', 'Atan', 'Atanh', 'Celu', 'Cos', 'Cosh', 'Elu', 'Erf', 'Gelu'],
  ...['HardSigmoid', 'HardSwish', 'LeakyRelu', 'LogSoftmax', 'Hardmax', 'Mish', 'PRelu', 'Selu', 'Shrink'],
  ...['Sigmoid', 'Sin', 'Sinh', 'Softmax', 'Softplus', 'Softsign', 'Swish', 'Tan', 'Tanh', 'ThresholdedRelu'],
  ...['CumSum', 'Trilu', 'com.microsoft::Gelu', 'com.microsoft::QuickGelu'],
];

/** Operators that treat every element alone. None of them counts multiply-adds. */
export const elementwiseOperators: OperatorTable = {
  ...Object.fromEntries(activations.map((name) => [name, sameAsFirstInput])),
  Abs: unary(Math.abs),
  Ceil: unary(Math.ceil),
  Exp: unary(Math.exp),
  Floor: unary(Math.floor),
  Log: unary(Math.log),
  Neg: unary((a) => -a),
  Not: unary((a) => (a === 0 ? 1 : 0)),
  Reciprocal: unary((a) => 1 / a),
  Relu: unary((a) => Math.max(0, a)),
  Round: unary(roundHalfEven),
  Sign: unary(Math.sign),
  Sqrt: unary(Math.sqrt),
  Add: binary((a, b) => a + b),
  Sub: binary((a, b) => a - b),
  Mul: binary((a, b) => a * b),
  Div: binary((a, b) => a / b),
  Pow: binary((a, b) => a ** b),
  Mod: {
    infer: (call) => {
      const a = requiredInput(call, 0);
      const truncates = call.attributes.int('fmod', 0) === 1;
      return [combine([a, requiredInput(call, 1)], a.type, (x, y) => (truncates ? x % y : mod(x, y)))];
    },
  },
  And: comparison((a, b) => a !== 0 && b !== 0),
  Or: comparison((a, b) => a !== 0 || b !== 0),
  Xor: comparison((a, b) => (a !== 0) !== (b !== 0)),
  Equal: comparison((a, b) => a === b),
  Greater: comparison((a, b) => a > b),
  GreaterOrEqual: comparison((a, b) => a >= b),
  Less: comparison((a, b) => a < b),
  LessOrEqual: comparison((a, b) => a <= b),
  IsInf: predicate,
  IsNaN: predicate,
  Max: variadic((values) => Math.max(...values)),
  Min: variadic((values) => Math.min(...values)),
  Sum: variadic(sum),
  Mean: variadic((values) => sum(values) / values.length),
  Where: {
    infer: (call) => {
      const then = requiredInput(call, 1);
      const inputs = [requiredInput(call, 0), then, requiredInput(call, 2)];
      return [combine(inputs, then.type, (condition, a, b) => (condition !== 0 ? a : b))];
    },
  },
  Clip: {
    infer: (call) => {
      const { type, shape, values } = requiredInput(call, 0);
      const low = call.attributes.float('min') ?? call.inputs[1]?.values?.[0];
      const high = call.attributes.float('max') ?? call.inputs[2]?.values?.[0];
      const known = (call.inputs[1] === undefined || low !== undefined) && (call.inputs[2] === undefined || high !== undefined); // prettier-ignore
      const clip = (value: number) => Math.min(Math.max(value, low ?? -Infinity), high ?? Infinity);
      return [factOf(type, shape, known ? values?.map(clip) : undefined)];
    },
  },
  Cast: {
    copies: true,
    infer: (call) => {
      const { shape, values } = requiredInput(call, 0);
      const type = call.attributes.int('to', dataTypes.FLOAT);
      return [
        factOf(
          type,
          shape,
          values?.map((value) => store(type, value)),
        ),
      ];
    },
  },
  CastLike: {
    copies: true,
    infer: (call) => {
      const { shape, values } = requiredInput(call, 0);
      const { type } = requiredInput(call, 1);
      return [
        factOf(
          type,
          shape,
          values?.map((value) => store(type, value)),
        ),
      ];
    },
  },
  'com.microsoft::BiasGelu': withBias,
  'com.microsoft::FastGelu': withBias,
};
