import { dimAt, factOf, formatShape, normaliseAxis, stridesOf, valuesFrom } from './dims.ts';
import { requiredInput, sameAsFirstInput, ShapeError } from './operator.ts';
import type { Operator, OperatorTable } from './operator.ts';

/** Rows of the data along an axis: the way in which a pruned student leaves neurons out. */
const gather: Operator = {
  copies: true,
  infer: (call) => {
    const data = requiredInput(call, 0);
    const indices = requiredInput(call, 1);
    const axis = normaliseAxis(call.attributes.int('axis', 0), data.shape.length);
    const shape = [...data.shape.slice(0, axis), ...indices.shape, ...data.shape.slice(axis + 1)];
    if (!data.values || !indices.values) return [{ type: data.type, shape }];
    const size = dimAt(data.shape, axis);
    const strides = stridesOf(data.shape);
    const indexStrides = stridesOf(indices.shape);
    const rank = indices.shape.length;
    const values = valuesFrom(shape, (index) => {
      let row = 0;
      for (let d = 0; d < rank; d++) row += index[axis + d]! * indexStrides[d]!;
      const wanted = indices.values![row]!;
      const at = wanted < 0 ? wanted + size : wanted;
      if (!(at >= 0 && at < size)) throw new ShapeError(`index ${wanted} of ${size}`);
      let offset = at * strides[axis]!;
      for (let d = 0; d < data.shape.length; d++) {
        if (d !== axis) offset += index[d < axis ? d : d + rank - 1]! * strides[d]!;
      }
      return data.values![offset]!;
    });
    return [factOf(data.type, shape, values)];
  },
};

const gatherElements: Operator = {
  copies: true,
  infer: (call) => [{ type: requiredInput(call, 0).type, shape: requiredInput(call, 1).shape }],
};

const gatherNd: Operator = {
  copies: true,
  infer: (call) => {
    const data = requiredInput(call, 0);
    const indices = requiredInput(call, 1).shape;
    const batch = call.attributes.int('batch_dims', 0);
    const depth = dimAt(indices, indices.length - 1);
    if (batch + depth > data.shape.length) {
      throw new ShapeError(`indices of ${formatShape(indices)} into ${formatShape(data.shape)}`);
    }
    return [{ type: data.type, shape: [...indices.slice(0, -1), ...data.shape.slice(batch + depth)] }];
  },
};

const oneHot: Operator = {
  infer: (call) => {
    const indices = requiredInput(call, 0).shape;
    const depth = requiredInput(call, 1).values?.[0];
    if (depth === undefined) return [];
    const axis = normaliseAxis(call.attributes.int('axis', -1), indices.length + 1);
    const shape = [...indices.slice(0, axis), depth, ...indices.slice(axis)];
    return [{ type: requiredInput(call, 2).type, shape }];
  },
};

/** Operators that pick by index. */
export const gatherOperators: OperatorTable = {
  Gather: gather,
  GatherElements: gatherElements,
  GatherND: gatherNd,
  OneHot: oneHot,
  ScatterElements: sameAsFirstInput,
  ScatterND: sameAsFirstInput,
};
