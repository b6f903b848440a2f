import type { Block, GateKind, SegformerGraph, StridedConv } from '../onnx/segformer/segformerGraph.ts';
import { foldHead } from '../onnx/segformer/foldHead.ts';

/** The layers of a block whose neurons can be left out, in the order in which they run. */
export const PRUNABLE_KINDS = ['qk', 'v', 'ffn'] as const satisfies readonly GateKind[];

/** A layer of a model: `stage` and `block` from 0. */
export interface LayerPlace {
  readonly stage: number;
  readonly block: number;
  readonly kind: GateKind;
}

export interface LayerSize extends LayerPlace {
  /** The heads; 1 for a Mix-FFN. */
  readonly groups: number;
  /** Neurons of a group. */
  readonly width: number;
  /** Multiply-adds of one neuron of every group together. */
  readonly price: number;
  /** Neurons of a group that stay whatever the budget: with one, a head is no product that a reader can tell. */
  readonly least: number;
}

const LEAST = 2;

export interface PruneCost {
  /** Multiply-adds of the whole model, its head folded, nothing left out. */
  readonly total: number;
  readonly layers: readonly LayerSize[];
}

/**
 * What a SegFormer costs at an input size and which part of it pruning can save. Counted as countMacs counts:
 * multiply-adds of matrix products and convolutions, attention included, without rewrites that merge projections.
 */
export function pruneCost(graph: SegformerGraph, size: { height: number; width: number }): PruneCost {
  const head = foldHead(graph.head);
  const layers: LayerSize[] = [];
  let total = 0;
  let { height, width } = size;
  let first = 0;
  graph.stages.forEach(({ embedding, blocks }, stage) => {
    height = convolved(height, embedding.conv);
    width = convolved(width, embedding.conv);
    const tokens = height * width;
    if (stage === 0) first = tokens;
    total += tokens * (embedding.conv.weight.data.length + head.stages[stage]!.data.length);
    blocks.forEach((block, index) => {
      const { reduction } = block.attention;
      const keys = reduction ? convolved(height, reduction.conv) * convolved(width, reduction.conv) : tokens;
      if (reduction) total += keys * reduction.conv.weight.data.length;
      for (const kind of PRUNABLE_KINDS) {
        const sizes = layerSize(block, kind, tokens, keys);
        const layer = { stage, block: index, kind, ...sizes, least: Math.min(LEAST, sizes.width) };
        layers.push(layer);
        total += layer.width * layer.price;
      }
    });
  });
  total += first * head.classifier.weight.data.length;
  return { total, layers };
}

function layerSize(
  { attention, ffn }: Block,
  kind: GateKind,
  tokens: number,
  keys: number,
): { groups: number; width: number; price: number } {
  const { heads, query, value } = attention;
  switch (kind) {
    case 'qk': {
      const [neurons = 0, channels = 0] = query.weight.dims;
      const price = heads * (tokens * channels + keys * channels + tokens * keys);
      return { groups: heads, width: neurons / heads, price };
    }
    case 'v': {
      const [neurons = 0, channels = 0] = value.weight.dims;
      const price = heads * (keys * channels + tokens * keys + tokens * channels);
      return { groups: heads, width: neurons / heads, price };
    }
    case 'ffn': {
      const [neurons = 0, channels = 0] = ffn.fc1.weight.dims;
      const kernel = ffn.depthwise.weight.data.length / neurons;
      return { groups: 1, width: neurons, price: tokens * (2 * channels + kernel) };
    }
  }
}

function convolved(side: number, { weight, stride, padding }: StridedConv): number {
  return Math.floor((side + 2 * padding - (weight.dims[2] ?? 1)) / stride) + 1;
}
