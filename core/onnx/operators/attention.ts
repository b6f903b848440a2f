import { dimAt, formatShape } from './dims.ts';
import { requiredInput, ShapeError } from './operator.ts';
import type { Operator, OperatorCall, OperatorTable } from './operator.ts';

/** Sizes of one attention: all in elements, widths over all heads. */
interface AttentionSizes {
  readonly batch: number;
  readonly queries: number;
  readonly keys: number;
  /** Width of queries, all heads together. */
  readonly width: number;
  /** Width of values, all query heads together. */
  readonly valueWidth: number;
}

/** Q K^T and the weighted sum of V. */
function attentionMacs(sizes: AttentionSizes): number {
  return sizes.batch * sizes.queries * sizes.keys * (sizes.width + sizes.valueWidth);
}

/** ONNX's Attention (operator set 23): [batch, heads, n, width / heads] or [batch, n, width]. */
function standardSizes(call: OperatorCall): AttentionSizes {
  const [q, k, v] = [0, 1, 2].map((i) => requiredInput(call, i).shape) as [number[], number[], number[]];
  const past = call.inputs[4]?.shape.at(-2) ?? 0;
  if (q.length === 4) {
    return {
      batch: dimAt(q, 0),
      queries: dimAt(q, 2),
      keys: dimAt(k, 2) + past,
      width: dimAt(q, 1) * dimAt(q, 3),
      valueWidth: dimAt(q, 1) * dimAt(v, 3),
    };
  }
  if (q.length !== 3) throw new ShapeError(`queries of ${formatShape(q)}`);
  const groups = call.attributes.int('q_num_heads', 1) / call.attributes.int('kv_num_heads', 1);
  return {
    batch: dimAt(q, 0),
    queries: dimAt(q, 1),
    keys: dimAt(k, 1) + past,
    width: dimAt(q, 2),
    valueWidth: dimAt(v, 2) * groups,
  };
}

const attention: Operator = {
  infer: (call) => {
    if (call.outputCount > 1) return [];
    const { type, shape } = requiredInput(call, 0);
    const sizes = standardSizes(call);
    const out =
      shape.length === 4
        ? [sizes.batch, dimAt(shape, 1), sizes.queries, dimAt(requiredInput(call, 2).shape, 3)]
        : [sizes.batch, sizes.queries, sizes.valueWidth];
    return [{ type, shape: out }];
  },
  macs: (call) => attentionMacs(standardSizes(call)),
};

/** com.microsoft's: query, key and value as [batch, n, width], or keys and values already split into heads. */
function multiHeadSizes(call: OperatorCall): AttentionSizes {
  const q = requiredInput(call, 0).shape;
  const k = call.inputs[1]?.shape;
  const v = call.inputs[2]?.shape;
  if (q.length !== 3 || !k || !v) throw new ShapeError('packed queries, keys and values are not supported');
  const width = dimAt(q, 2);
  const split = k.length === 4;
  return {
    batch: dimAt(q, 0),
    queries: dimAt(q, 1),
    keys: dimAt(k, split ? 2 : 1),
    width,
    valueWidth: split ? dimAt(v, 1) * dimAt(v, 3) : dimAt(v, 2),
  };
}

const multiHeadAttention: Operator = {
  infer: (call) => {
    if (call.outputCount > 1) return [];
    const sizes = multiHeadSizes(call);
    return [{ type: requiredInput(call, 0).type, shape: [sizes.batch, sizes.queries, sizes.valueWidth] }];
  },
  macs: (call) => attentionMacs(multiHeadSizes(call)),
};

/** Attention as one operator. Projections are nodes of their own. */
export const attentionOperators: OperatorTable = {
  Attention: attention,
  'com.microsoft::MultiHeadAttention': multiHeadAttention,
};
