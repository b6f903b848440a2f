import { dataTypes } from '../dataType.ts';
import { dimAt, factOf, formatShape, normaliseAxis, stridesOf, valuesFrom } from './dims.ts';
import { requiredInput, ShapeError } from './operator.ts';
import type { Operator, OperatorTable } from './operator.ts';

/** A reduction over axes from the attribute (older operator sets) or the input; `fold` where shapes may need it. */
function reduce(fold?: (values: readonly number[]) => number): Operator {
  return {
    infer: (call) => {
      const { type, shape, values } = requiredInput(call, 0);
      const given = call.inputs[1];
      const axes = call.attributes.ints('axes') ?? (given ? given.values : []);
      if (axes === undefined) return [];
      if (axes.length === 0 && call.attributes.int('noop_with_empty_axes', 0) !== 0) {
        return [factOf(type, shape, values)];
      }
      const reduced = new Set(
        axes.length === 0 ? shape.map((_, d) => d) : axes.map((axis) => normaliseAxis(axis, shape.length)),
      );
      const kept = shape.map((dim, d) => (reduced.has(d) ? 1 : dim));
      const out = call.attributes.int('keepdims', 1) !== 0 ? kept : shape.filter((_, d) => !reduced.has(d));
      if (!fold || !values) return [{ type, shape: out }];
      const groups = new Map<number, number[]>();
      const strides = stridesOf(kept);
      valuesFrom(shape, (index) => {
        const group = index.reduce((at, i, d) => at + (reduced.has(d) ? 0 : i * strides[d]!), 0);
        const value = values[index.reduce((at, i, d) => at * shape[d]! + i, 0)]!;
        const members = groups.get(group);
        if (members) members.push(value);
        else groups.set(group, [value]);
        return 0;
      });
      const folded = [...groups].sort(([a], [b]) => a - b).map(([, members]) => fold(members));
      return [factOf(type, out, folded)];
    },
  };
}

const argReduce: Operator = {
  infer: (call) => {
    const { shape } = requiredInput(call, 0);
    const axis = normaliseAxis(call.attributes.int('axis', 0), shape.length);
    const keep = call.attributes.int('keepdims', 1) !== 0;
    const out = keep ? shape.map((dim, d) => (d === axis ? 1 : dim)) : shape.filter((_, d) => d !== axis);
    return [{ type: dataTypes.INT64, shape: out }];
  },
};

/** The k largest along an axis and their indices: a student's gate. */
const topK: Operator = {
  infer: (call) => {
    const { type, shape } = requiredInput(call, 0);
    const k = call.attributes.int('k') ?? requiredInput(call, 1).values?.[0];
    if (k === undefined) return [];
    const axis = normaliseAxis(call.attributes.int('axis', -1), shape.length);
    if (!(k >= 0 && k <= dimAt(shape, axis))) {
      throw new ShapeError(`the ${k} largest along axis ${axis} of ${formatShape(shape)}`);
    }
    const out = shape.map((dim, d) => (d === axis ? k : dim));
    return [
      { type, shape: out },
      { type: dataTypes.INT64, shape: out },
    ];
  },
};

const product = (values: readonly number[]): number => values.reduce((total, value) => total * value, 1);
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Operators that make one number of many. They add and compare; nothing is counted. */
export const reduceOperators: OperatorTable = {
  ReduceL1: reduce(),
  ReduceL2: reduce(),
  ReduceLogSum: reduce(),
  ReduceLogSumExp: reduce(),
  ReduceMax: reduce((values) => Math.max(...values)),
  ReduceMean: reduce((values) => sum(values) / values.length),
  ReduceMin: reduce((values) => Math.min(...values)),
  ReduceProd: reduce(product),
  ReduceSum: reduce(sum),
  ReduceSumSquare: reduce(),
  ArgMax: argReduce,
  ArgMin: argReduce,
  TopK: topK,
};
