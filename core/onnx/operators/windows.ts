import { dimAt, formatShape } from './dims.ts';
import { requiredInput, ShapeError } from './operator.ts';
import type { Operator, OperatorCall, OperatorTable } from './operator.ts';

/**
 * How many windows of a kernel fit into each spatial dimension, from the node's strides, pads, dilations, auto_pad
 * and ceil_mode.
 *
 * @param spatial input size without batch and channels
 * @throws ShapeError where the kernel is larger than the padded input
 */
export function windowedShape(
  call: OperatorCall,
  spatial: readonly number[],
  kernel: readonly number[],
): number[] {
  const strides = call.attributes.ints('strides');
  const pads = call.attributes.ints('pads');
  const dilations = call.attributes.ints('dilations');
  const autoPad = call.attributes.string('auto_pad', 'NOTSET');
  const ceilMode = call.attributes.int('ceil_mode', 0) !== 0;
  return spatial.map((size, d) => {
    const stride = strides?.[d] ?? 1;
    if (!(stride >= 1)) throw new ShapeError(`a stride of ${stride}`);
    if (autoPad.startsWith('SAME')) return Math.ceil(size / stride);
    const before = autoPad === 'VALID' ? 0 : (pads?.[d] ?? 0);
    const after = autoPad === 'VALID' ? 0 : (pads?.[d + spatial.length] ?? 0);
    const reach = (dimAt(kernel, d) - 1) * (dilations?.[d] ?? 1) + 1;
    const room = size + before + after - reach;
    if (room < 0) {
      throw new ShapeError(`a kernel of ${formatShape(kernel)} on an input of only ${formatShape(spatial)}`);
    }
    const steps = Math.floor(room / stride);
    // In ceil mode the last window may begin inside the input only.
    const hangsOver = ceilMode && room % stride !== 0 && (steps + 1) * stride < size + before;
    return steps + 1 + (hangsOver ? 1 : 0);
  });
}

const pool: Operator = {
  infer: (call) => {
    const { type, shape } = requiredInput(call, 0);
    const kernel = call.attributes.ints('kernel_shape') ?? [];
    const out = [dimAt(shape, 0), dimAt(shape, 1), ...windowedShape(call, shape.slice(2), kernel)];
    return [{ type, shape: out }];
  },
};

const globalPool: Operator = {
  infer: (call) => {
    const { type, shape } = requiredInput(call, 0);
    return [{ type, shape: shape.map((dim, d) => (d < 2 ? dim : 1)) }];
  },
};

/** Resize(x, roi, scales, sizes), Resize(x, scales) before opset 11, Upsample(x, scales) or by attribute. */
const resize: Operator = {
  infer: (call) => {
    const { type, shape } = requiredInput(call, 0);
    const axes = call.attributes.ints('axes') ?? shape.map((_, d) => d);
    const sizes = call.inputs[3];
    const given = call.inputs.length === 2 ? call.inputs[1] : call.inputs[2];
    const scales = call.attributes.floats('scales') ?? given?.values;
    const out = [...shape];
    if (sizes === undefined) {
      if (scales === undefined) return [];
      for (const [i, axis] of axes.entries()) {
        const d = axis < 0 ? axis + shape.length : axis;
        out[d] = Math.floor(dimAt(shape, d) * dimAt(scales, i));
      }
      return [{ type, shape: out }];
    }
    if (sizes.values === undefined) return [];
    if (call.attributes.string('keep_aspect_ratio_policy', 'stretch') !== 'stretch') {
      throw new ShapeError('a Resize that keeps the aspect ratio is not supported');
    }
    for (const [i, axis] of axes.entries()) {
      out[axis < 0 ? axis + shape.length : axis] = dimAt(sizes.values, i);
    }
    return [{ type, shape: out }];
  },
};

/** Pooling and resizing: windows that slide over the picture. They add and compare; nothing is counted. */
export const windowOperators: OperatorTable = {
  AveragePool: pool,
  LpPool: pool,
  MaxPool: pool,
  GlobalAveragePool: globalPool,
  GlobalLpPool: globalPool,
  GlobalMaxPool: globalPool,
  Resize: resize,
  Upsample: resize,
};
