import { elementCount } from '../tensor.ts';
import { broadcastOffset, broadcastShapes, dimAt, factOf, formatShape, normaliseAxis, stridesOf, valuesFrom } from './dims.ts'; // prettier-ignore
import { requiredInput, ShapeError } from './operator.ts';
import type { Operator, OperatorCall, OperatorTable, OutputFacts } from './operator.ts';

/** Axes from the attribute (older operator sets) or from the input; undefined where they depend on the picture. */
function axesOf(call: OperatorCall, input: number): readonly number[] | 'none' | undefined {
  const attribute = call.attributes.ints('axes');
  if (attribute) return attribute;
  const fact = call.inputs[input];
  return fact === undefined ? 'none' : fact.values;
}

const transpose: Operator = {
  copies: true,
  infer: (call) => {
    const { type, shape, values } = requiredInput(call, 0);
    const order = call.attributes.ints('perm') ?? shape.map((_, d) => shape.length - 1 - d);
    if (order.length !== shape.length) {
      throw new ShapeError(`the order ${order.join(',')} does not fit ${formatShape(shape)}`);
    }
    const strides = stridesOf(shape);
    const out = order.map((axis) => dimAt(shape, axis));
    const moved =
      values &&
      valuesFrom(out, (index) => values[order.reduce((at, axis, d) => at + index[d]! * strides[axis]!, 0)]!);
    return [factOf(type, out, moved)];
  },
};

const reshape: Operator = {
  copies: true,
  infer: (call) => {
    const { type, shape, values } = requiredInput(call, 0);
    const target = call.attributes.ints('shape') ?? requiredInput(call, 1).values;
    if (target === undefined) return [];
    const keepsZeros = call.attributes.int('allowzero', 0) !== 0;
    const out = target.map((dim, d) => (dim === 0 && !keepsZeros ? dimAt(shape, d) : dim));
    const count = elementCount(shape);
    const unknown = out.indexOf(-1);
    if (unknown >= 0) {
      const rest = elementCount(out.filter((_, d) => d !== unknown));
      out[unknown] = rest === 0 ? 0 : count / rest;
    }
    if (elementCount(out) !== count || out.some((dim) => !(dim >= 0 && Number.isInteger(dim)))) {
      throw new ShapeError(`${formatShape(shape)} cannot be reshaped to ${target.join(',')}`);
    }
    return [factOf(type, out, values)];
  },
};

const flatten: Operator = {
  copies: true,
  infer: (call) => {
    const { type, shape, values } = requiredInput(call, 0);
    const axis = call.attributes.int('axis', 1);
    const split = axis < 0 ? axis + shape.length : axis;
    return [factOf(type, [elementCount(shape.slice(0, split)), elementCount(shape.slice(split))], values)];
  },
};

const squeeze: Operator = {
  copies: true,
  infer: (call) => {
    const { type, shape, values } = requiredInput(call, 0);
    const axes = axesOf(call, 1);
    if (axes === undefined) return [];
    const dropped =
      axes === 'none'
        ? shape.flatMap((dim, d) => (dim === 1 ? [d] : []))
        : axes.map((axis) => normaliseAxis(axis, shape.length));
    for (const d of dropped) {
      if (shape[d] !== 1) throw new ShapeError(`dimension ${d} of ${formatShape(shape)} is not 1`);
    }
    const out = shape.filter((_, d) => !dropped.includes(d));
    return [factOf(type, out, values)];
  },
};

const unsqueeze: Operator = {
  copies: true,
  infer: (call) => {
    const { type, shape, values } = requiredInput(call, 0);
    const axes = axesOf(call, 1);
    if (axes === undefined) return [];
    if (axes === 'none') throw new ShapeError('no axes given');
    const rank = shape.length + axes.length;
    const added = new Set(axes.map((axis) => normaliseAxis(axis, rank)));
    const rest = [...shape];
    const out = Array.from({ length: rank }, (_, d) => (added.has(d) ? 1 : (rest.shift() ?? 1)));
    return [factOf(type, out, values)];
  },
};

const concat: Operator = {
  copies: true,
  infer: (call) => {
    const inputs = call.inputs.map((_, i) => requiredInput(call, i));
    const { type, shape } = requiredInput(call, 0);
    const axis = normaliseAxis(call.attributes.int('axis', 0), shape.length);
    const out = [...shape];
    out[axis] = inputs.reduce((total, input) => total + dimAt(input.shape, axis), 0);
    for (const input of inputs) {
      if (
        input.shape.length !== shape.length ||
        input.shape.some((dim, d) => d !== axis && dim !== shape[d])
      ) {
        throw new ShapeError(
          `${inputs.map((each) => formatShape(each.shape)).join(', ')} cannot be joined along axis ${axis}`,
        );
      }
    }
    const known = inputs.every((input) => input.values !== undefined);
    const values = known
      ? valuesFrom(out, (index) => {
          let at = index[axis]!;
          const source = inputs.find((input) => {
            if (at < input.shape[axis]!) return true;
            at -= input.shape[axis]!;
            return false;
          })!;
          const strides = stridesOf(source.shape);
          return source.values![index.reduce((sum, i, d) => sum + (d === axis ? at : i) * strides[d]!, 0)]!;
        })
      : undefined;
    return [factOf(type, out, values)];
  },
};

/** A stretch of a tensor: along each dimension from `starts` in steps. */
function stretch(
  fact: { type: number; shape: readonly number[]; values?: readonly number[] },
  out: readonly number[],
  starts: readonly number[],
  steps: readonly number[],
) {
  const { values } = fact;
  const strides = stridesOf(fact.shape);
  const taken =
    values &&
    valuesFrom(
      out,
      (index) => values[index.reduce((at, i, d) => at + (starts[d]! + i * steps[d]!) * strides[d]!, 0)]!,
    );
  return factOf(fact.type, out, taken);
}

const split: Operator = {
  copies: true,
  infer: (call) => {
    const fact = requiredInput(call, 0);
    const axis = normaliseAxis(call.attributes.int('axis', 0), fact.shape.length);
    const whole = dimAt(fact.shape, axis);
    if (call.inputs[1] !== undefined && call.inputs[1].values === undefined) return [];
    let sizes = call.attributes.ints('split') ?? call.inputs[1]?.values;
    if (sizes === undefined) {
      const parts = call.attributes.int('num_outputs', call.outputCount);
      const each = Math.ceil(whole / parts);
      sizes = Array.from({ length: parts }, (_, i) => Math.max(0, Math.min(each, whole - i * each)));
    }
    if (sizes.reduce((total, size) => total + size, 0) !== whole) {
      throw new ShapeError(`${whole} cannot be split into ${sizes.join(' + ')}`);
    }
    let start = 0;
    return sizes.map((size) => {
      const starts = fact.shape.map((_, d) => (d === axis ? start : 0));
      start += size;
      const out = fact.shape.map((dim, d) => (d === axis ? size : dim));
      const steps = out.map(() => 1);
      return stretch(fact, out, starts, steps);
    });
  },
};

const slice: Operator = {
  copies: true,
  infer: (call) => {
    const fact = requiredInput(call, 0);
    const { shape } = fact;
    const read = (name: string, input: number): readonly number[] | undefined =>
      call.attributes.ints(name) ?? call.inputs[input]?.values;
    const startValues = read('starts', 1);
    const endValues = read('ends', 2);
    const axes = read('axes', 3) ?? startValues?.map((_, i) => i);
    const steps = read('steps', 4) ?? startValues?.map(() => 1);
    const unknown = [3, 4].some((i) => call.inputs[i] !== undefined && call.inputs[i].values === undefined);
    if (!startValues || !endValues || !axes || !steps || unknown) return [];
    const out = [...shape];
    const from = shape.map(() => 0);
    const by = shape.map(() => 1);
    for (const [i, axis] of axes.entries()) {
      const d = normaliseAxis(axis, shape.length);
      const size = shape[d]!;
      const step = steps[i] ?? 1;
      if (step === 0) throw new ShapeError('a slice in steps of 0');
      const fromEnd = (at: number) => (at < 0 ? at + size : at);
      const clamp = (at: number, low: number, high: number) => Math.min(Math.max(at, low), high);
      const start = clamp(fromEnd(dimAt(startValues, i)), 0, step > 0 ? size : size - 1);
      const end = clamp(fromEnd(dimAt(endValues, i)), step > 0 ? 0 : -1, size);
      out[d] = Math.max(0, Math.ceil((end - start) / step));
      from[d] = start;
      by[d] = step;
    }
    return [stretch(fact, out, from, by)];
  },
};

const pad: Operator = {
  infer: (call) => {
    const { type, shape } = requiredInput(call, 0);
    const pads = call.attributes.ints('pads') ?? requiredInput(call, 1).values;
    const axes = call.inputs[3] ? call.inputs[3].values : shape.map((_, d) => d);
    if (!pads || !axes) return [];
    const out = [...shape];
    for (const [i, axis] of axes.entries()) {
      const d = normaliseAxis(axis, shape.length);
      out[d] = shape[d]! + dimAt(pads, i) + dimAt(pads, i + axes.length);
      if (out[d] < 0) throw new ShapeError(`padding of ${pads.join(',')} on ${formatShape(shape)}`);
    }
    return [{ type, shape: out }];
  },
};

function expanded(call: OperatorCall, target: readonly number[] | undefined): OutputFacts {
  const { type, shape, values } = requiredInput(call, 0);
  if (target === undefined) return [];
  const out = broadcastShapes(shape, target);
  return [factOf(type, out, values && valuesFrom(out, (index) => values[broadcastOffset(shape, index)]!))];
}

const tile: Operator = {
  copies: true,
  infer: (call) => {
    const { type, shape, values } = requiredInput(call, 0);
    const repeats = requiredInput(call, 1).values;
    if (repeats === undefined) return [];
    const out = shape.map((dim, d) => dim * dimAt(repeats, d));
    const strides = stridesOf(shape);
    const tiled =
      values &&
      valuesFrom(out, (index) => values[index.reduce((at, i, d) => at + (i % shape[d]!) * strides[d]!, 0)]!);
    return [factOf(type, out, tiled)];
  },
};

const depthToSpace: Operator = {
  infer: (call) => {
    const { type, shape } = requiredInput(call, 0);
    const block = call.attributes.int('blocksize', 1);
    const [n, c, h, w] = [0, 1, 2, 3].map((d) => dimAt(shape, d));
    return [{ type, shape: [n!, c! / block ** 2, h! * block, w! * block] }];
  },
};

const spaceToDepth: Operator = {
  infer: (call) => {
    const { type, shape } = requiredInput(call, 0);
    const block = call.attributes.int('blocksize', 1);
    const [n, c, h, w] = [0, 1, 2, 3].map((d) => dimAt(shape, d));
    return [{ type, shape: [n!, c! * block ** 2, h! / block, w! / block] }];
  },
};

/** Operators that move numbers without changing them. */
export const layoutOperators: OperatorTable = {
  Transpose: transpose,
  Reshape: reshape,
  Flatten: flatten,
  Squeeze: squeeze,
  Unsqueeze: unsqueeze,
  Concat: concat,
  Split: split,
  Slice: slice,
  Pad: pad,
  Expand: { copies: true, infer: (call) => expanded(call, requiredInput(call, 1).values) },
  Tile: tile,
  DepthToSpace: depthToSpace,
  SpaceToDepth: spaceToDepth,
};
