import { dataTypes } from '../dataType.ts';
import { elementCount } from '../tensor.ts';
import { broadcastShapes, dimAt, formatShape } from './dims.ts';
import { firstShape, requiredInput, ShapeError } from './operator.ts';
import type { Operator, OperatorCall, OperatorTable, OutputFacts } from './operator.ts';
import { windowedShape } from './windows.ts';

/** Shape of `a @ b` by numpy's rule. */
function matMulShape(a: readonly number[], b: readonly number[]): number[] {
  if (a.length === 0 || b.length === 0) throw new ShapeError('a matrix product of a scalar');
  const left = a.length === 1 ? [1, ...a] : a;
  const right = b.length === 1 ? [...b, 1] : b;
  if (left.at(-1) !== right.at(-2)) {
    throw new ShapeError(`the shapes ${formatShape(a)} and ${formatShape(b)} cannot be multiplied`);
  }
  const out = broadcastShapes(left.slice(0, -2), right.slice(0, -2));
  if (a.length > 1) out.push(left.at(-2)!);
  if (b.length > 1) out.push(right.at(-1)!);
  return out;
}

/** A matrix product of the inputs at two places, with the type of its result. */
function matMul(options: {
  a?: number;
  b?: number;
  type?: number;
  notParameters?: readonly number[];
}): Operator {
  const { a = 0, b = 1 } = options;
  return {
    ...(options.notParameters && { notParameters: options.notParameters }),
    infer: (call) => {
      const left = requiredInput(call, a);
      return [
        { type: options.type ?? left.type, shape: matMulShape(left.shape, requiredInput(call, b).shape) },
      ];
    },
    macs: (call, outputs) => elementCount(firstShape(outputs)) * (requiredInput(call, a).shape.at(-1) ?? 1),
  };
}

function swapLastTwo(shape: readonly number[]): number[] {
  return [...shape.slice(0, -2), ...shape.slice(-2).reverse()];
}

/** com.microsoft's product that transposes its inputs on the way. */
const fusedMatMul: Operator = {
  infer: (call) => {
    const a = requiredInput(call, 0);
    const b = requiredInput(call, 1);
    if (call.attributes.int('transBatchA', 0) !== 0 || call.attributes.int('transBatchB', 0) !== 0) {
      throw new ShapeError('transBatchA and transBatchB are not supported');
    }
    const left = call.attributes.int('transA', 0) !== 0 ? swapLastTwo(a.shape) : a.shape;
    const right = call.attributes.int('transB', 0) !== 0 ? swapLastTwo(b.shape) : b.shape;
    return [{ type: a.type, shape: matMulShape(left, right) }];
  },
  macs: (call, outputs) => {
    const { shape } = requiredInput(call, 0);
    const inner = call.attributes.int('transA', 0) !== 0 ? shape.at(-2) : shape.at(-1);
    return elementCount(firstShape(outputs)) * (inner ?? 1);
  },
};

/** Rows and columns of Gemm's A and B after its transpositions. */
function gemmSizes(call: OperatorCall): { rows: number; inner: number; columns: number } {
  const a = requiredInput(call, 0).shape;
  const b = requiredInput(call, 1).shape;
  if (a.length !== 2 || b.length !== 2) {
    throw new ShapeError(`takes two matrices, not ${formatShape(a)} and ${formatShape(b)}`);
  }
  const [rows, inner] = call.attributes.int('transA', 0) !== 0 ? [a[1]!, a[0]!] : [a[0]!, a[1]!];
  const [innerB, columns] = call.attributes.int('transB', 0) !== 0 ? [b[1]!, b[0]!] : [b[0]!, b[1]!];
  if (inner !== innerB) {
    throw new ShapeError(`the shapes ${formatShape(a)} and ${formatShape(b)} cannot be multiplied`);
  }
  return { rows, inner, columns };
}

const gemm: Operator = {
  infer: (call) => {
    const { rows, columns } = gemmSizes(call);
    return [{ type: requiredInput(call, 0).type, shape: [rows, columns] }];
  },
  macs: (call) => {
    const { rows, inner, columns } = gemmSizes(call);
    return rows * inner * columns;
  },
};

/** A convolution of the inputs at two places: x [n, c, ...], weights [m, c / group, ...kernel]. */
function conv(options: {
  x?: number;
  weights?: number;
  type?: number;
  notParameters?: readonly number[];
  int32Parameters?: boolean;
}): Operator {
  const { x = 0, weights = 1 } = options;
  return {
    ...(options.notParameters && { notParameters: options.notParameters }),
    ...(options.int32Parameters && { int32Parameters: true }),
    infer: (call) => {
      const input = requiredInput(call, x);
      const kernel = requiredInput(call, weights).shape;
      const group = call.attributes.int('group', 1);
      if (input.shape.length !== kernel.length || input.shape.length < 3) {
        throw new ShapeError(`the weights ${formatShape(kernel)} do not fit ${formatShape(input.shape)}`);
      }
      if (input.shape[1] !== kernel[1]! * group || kernel[0]! % group !== 0) {
        throw new ShapeError(
          `the weights ${formatShape(kernel)} in ${group} groups do not fit ${formatShape(input.shape)}`,
        );
      }
      const spatial = windowedShape(call, input.shape.slice(2), kernel.slice(2));
      return [{ type: options.type ?? input.type, shape: [input.shape[0]!, kernel[0]!, ...spatial] }];
    },
    // Positions in the padding count like all others, as in the published figures.
    macs: (call, outputs) =>
      elementCount(firstShape(outputs)) * elementCount(requiredInput(call, weights).shape.slice(1)),
  };
}

/** x [n, c, ...], weights [c, m / group, ...kernel]. */
const convTranspose: Operator = {
  infer: (call) => {
    const input = requiredInput(call, 0);
    const weights = requiredInput(call, 1).shape;
    const spatial = input.shape.slice(2);
    const explicit = call.attributes.ints('output_shape');
    const channels = dimAt(weights, 1) * call.attributes.int('group', 1);
    const strides = call.attributes.ints('strides');
    const pads = call.attributes.ints('pads');
    const dilations = call.attributes.ints('dilations');
    const extra = call.attributes.ints('output_padding');
    const out = spatial.map((size, d) => {
      const stride = strides?.[d] ?? 1;
      if (call.attributes.string('auto_pad', 'NOTSET').startsWith('SAME')) return size * stride;
      const reach = (dimAt(weights, d + 2) - 1) * (dilations?.[d] ?? 1) + 1;
      const padding = (pads?.[d] ?? 0) + (pads?.[d + spatial.length] ?? 0);
      return stride * (size - 1) + (extra?.[d] ?? 0) + reach - padding;
    });
    return [{ type: input.type, shape: [dimAt(input.shape, 0), channels, ...(explicit ?? out)] }];
  },
  macs: (call) =>
    elementCount(requiredInput(call, 0).shape) * elementCount(requiredInput(call, 1).shape.slice(1)),
};

/** Sizes of the letters of an einsum equation; undefined for equations with an ellipsis. */
function einsumSizes(call: OperatorCall): { output: string; sizes: Map<string, number> } | undefined {
  const equation = call.attributes.string('equation', '').replaceAll(' ', '');
  if (equation.includes('.')) return undefined;
  const [left = '', right] = equation.split('->');
  const terms = left.split(',');
  const sizes = new Map<string, number>();
  for (const [i, term] of terms.entries()) {
    const { shape } = requiredInput(call, i);
    if (term.length !== shape.length) {
      throw new ShapeError(`the term "${term}" of ${equation} does not fit ${formatShape(shape)}`);
    }
    for (const [d, letter] of Array.from(term).entries()) {
      const size = sizes.get(letter);
      if (size === undefined || size === 1) sizes.set(letter, shape[d]!);
    }
  }
  const letters = Array.from(terms.join(''));
  const once = letters.filter((letter) => letters.indexOf(letter) === letters.lastIndexOf(letter));
  return { output: right ?? once.sort().join(''), sizes };
}

const einsum: Operator = {
  infer: (call) => {
    const parsed = einsumSizes(call);
    if (!parsed) return [];
    const shape = Array.from(parsed.output, (letter) => {
      const size = parsed.sizes.get(letter);
      if (size === undefined) throw new ShapeError(`the letter "${letter}" stands in no input`);
      return size;
    });
    return [{ type: requiredInput(call, 0).type, shape }];
  },
  // A product over every letter; with one input nothing is multiplied.
  macs: (call) => {
    const sizes = einsumSizes(call)?.sizes;
    return call.inputs.length < 2 || !sizes ? 0 : elementCount([...sizes.values()]);
  },
};

const typed = (call: OperatorCall, outputs: OutputFacts, zeroPoint: number): OutputFacts => {
  const type = call.inputs[zeroPoint]?.type;
  return outputs.map((output) => (output && type !== undefined ? { ...output, type } : output));
};

/** Quantised products give the type of the zero point of their result. */
function withOutputZeroPoint(operator: Operator, zeroPoint: number): Operator {
  return { ...operator, infer: (call) => typed(call, operator.infer(call), zeroPoint) };
}

/** The operators whose multiply-adds count: matrix products and convolutions, in float and in integers. */
export const productOperators: OperatorTable = {
  Conv: conv({}),
  ConvInteger: conv({ type: dataTypes.INT32, notParameters: [2, 3] }),
  ConvTranspose: convTranspose,
  Einsum: einsum,
  Gemm: gemm,
  MatMul: matMul({}),
  MatMulInteger: matMul({ type: dataTypes.INT32, notParameters: [2, 3] }),
  QLinearConv: withOutputZeroPoint(
    conv({ weights: 3, notParameters: [1, 2, 4, 5, 6, 7], int32Parameters: true }),
    7,
  ),
  QLinearMatMul: withOutputZeroPoint(matMul({ b: 3, notParameters: [1, 2, 4, 5, 6, 7] }), 7),
  'com.microsoft::DynamicQuantizeMatMul': matMul({ notParameters: [2, 3] }),
  'com.microsoft::FusedConv': conv({}),
  'com.microsoft::FusedMatMul': fusedMatMul,
  'com.microsoft::MatMulIntegerToFloat': matMul({ type: dataTypes.FLOAT, notParameters: [2, 3, 4, 5] }),
};
