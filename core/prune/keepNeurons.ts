import { takeRows, transposed } from '../onnx/segformer/algebra.ts';
import type { Attention, Block, Gate, Linear, MixFfn } from '../onnx/segformer/segformerGraph.ts';

/** The block without the query and key pairs that are not in `kept`, their neurons in 0..heads * width - 1, head by head. */
export function keepPairs(attention: Attention, kept: readonly number[]): Attention {
  return { ...attention, query: takeOutputs(attention.query, kept), key: takeOutputs(attention.key, kept) };
}

/** The same of values, and of what the output projection reads of them. */
export function keepValues(attention: Attention, kept: readonly number[]): Attention {
  return {
    ...attention,
    value: takeOutputs(attention.value, kept),
    output: takeInputs(attention.output, kept),
  };
}

/** The Mix-FFN without the neurons that are not in `kept`, their depthwise channels gone with them. */
export function keepMiddle(ffn: MixFfn, kept: readonly number[]): MixFfn {
  const { weight, bias } = ffn.depthwise;
  const depthwise = { ...ffn.depthwise, weight: takeRows(weight, kept), bias: takeEntries(bias, kept) };
  return { ...ffn, fc1: takeOutputs(ffn.fc1, kept), depthwise, fc2: takeInputs(ffn.fc2, kept) };
}

/** The block with these gates in place of its own. */
export function withGates(block: Block, gates: { qk: Gate | null; v: Gate | null; ffn: Gate | null }): Block {
  return {
    ...block,
    attention: { ...block.attention, qkGate: gates.qk, vGate: gates.v },
    ffn: { ...block.ffn, gate: gates.ffn },
  };
}

function takeOutputs({ weight, bias }: Linear, rows: readonly number[]): Linear {
  return { weight: takeRows(weight, rows), bias: takeEntries(bias, rows) };
}

function takeInputs({ weight, bias }: Linear, columns: readonly number[]): Linear {
  return { weight: transposed(takeRows(transposed(weight), columns)), bias };
}

function takeEntries(values: Float32Array | null, at: readonly number[]): Float32Array | null {
  return values && Float32Array.from(at, (i) => values[i]!);
}
