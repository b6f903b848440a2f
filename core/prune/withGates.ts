import type { Block, Gate } from '../onnx/segformer/segformerGraph.ts';

/** The block with these gates in place of its own. */
export function withGates(block: Block, gates: { qk: Gate | null; v: Gate | null; ffn: Gate | null }): Block {
  return {
    ...block,
    attention: { ...block.attention, qkGate: gates.qk, vGate: gates.v },
    ffn: { ...block.ffn, gate: gates.ffn },
  };
}
