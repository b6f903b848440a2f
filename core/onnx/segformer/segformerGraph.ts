/**
 * A SegFormer as data: what recogniseSegformer reads out of an ONNX file of any exporter and what emitSegformer
 * writes as one again. Plain objects: to prune a model, make another description and emit it.
 *
 * Every size is in the weights; nothing says it a second time. A block may be narrower than its stage: its heads may
 * have any width for queries and keys and another for values, its Mix-FFN any number of neurons.
 */

/** A weight, row-major, in float32 whatever the file stores. */
export interface Weight {
  readonly dims: readonly number[];
  readonly data: Float32Array;
  /**
   * Its values lie on a grid of 255 steps per row (see int8.ts), and its products may be computed in integers: on WASM
   * they are. Only weights [out, in] of products; of a convolution in patches, [out, in, kernel, kernel].
   */
  readonly int8?: true;
}

/** y = W x + b. */
export interface Linear {
  /** [out, in] */
  readonly weight: Weight;
  /** [out] */
  readonly bias: Float32Array | null;
}

/** LayerNormalization over channels. */
export interface Norm {
  readonly scale: Float32Array;
  readonly bias: Float32Array;
  readonly epsilon: number;
}

/** A convolution from one map to a smaller one, both sides alike. */
export interface StridedConv {
  /** [out, in, kernel, kernel] */
  readonly weight: Weight;
  readonly bias: Float32Array | null;
  readonly stride: number;
  /** On each side. */
  readonly padding: number;
}

export type GateKind = 'qk' | 'v' | 'ffn';

/**
 * What chooses, for each image, the neurons of a layer that are computed. With X the layer's input tokens [N, C]:
 *
 *     x = norm(mean over tokens of X)                  [C]
 *     G = layers(throughLayer ? W x + b : x)           [neurons]; GELU between the layers
 *     kept = in each group, the `kept` neurons with the largest G
 *
 * `qk` gates choose queries and keys by the block's normalised tokens and go through the query's weights; `v` gates
 * by the reduced tokens, through the value's; `ffn` gates by the normalised tokens, through the first layer of the
 * Mix-FFN.
 */
export interface Gate {
  readonly kind: GateKind;
  /** Graph output of the kept neurons' indices, int64 [groups * kept] of 0..neurons-1, unordered: `gate.0.1.ffn`. */
  readonly name: string;
  /** Equal parts of the neurons in which the same number is kept: the heads; 1 for `ffn`. */
  readonly groups: number;
  /** Neurons kept in each group, from 1 to neurons / groups. */
  readonly kept: number;
  /** Of the pooled tokens; null: they are taken as they are. */
  readonly norm: Norm | null;
  /** The summary goes through the gated layer itself first (Bai et al. 2022). */
  readonly throughLayer: boolean;
  /** One or two. The last has one output per neuron. */
  readonly layers: readonly Linear[];
  /**
   * The kept neurons are multiplied by their G: queries and keys once per pair, values, or the depthwise
   * convolution's output before its bias. False: G only chooses.
   */
  readonly scales: boolean;
  /**
   * What stands for a neuron that is left out, [neurons]: for `v` of the values, for `ffn` of the activations after
   * GELU. null: zero. Always null for `qk`.
   */
  readonly means: Float32Array | null;
}

/** softmax(Q K^T * scale) V, over keys and values of a smaller map. */
export interface Attention {
  readonly heads: number;
  /** What the products of queries and keys are multiplied by. */
  readonly scale: number;
  /** [heads * width of a query, C] */
  readonly query: Linear;
  /** As query; its bias changes nothing (softmax does not see it) and may be null. */
  readonly key: Linear;
  /** [heads * width of a value, C] */
  readonly value: Linear;
  /** [C, heads * width of a value] */
  readonly output: Linear;
  /** Kernel and stride are the reduction ratio, padding 0; null: keys and values come from all tokens. */
  readonly reduction: { readonly conv: StridedConv; readonly norm: Norm } | null;
  readonly qkGate: Gate | null;
  readonly vGate: Gate | null;
}

/** Linear, 3x3 depthwise convolution, GELU, Linear. */
export interface MixFfn {
  /** [neurons, C] */
  readonly fc1: Linear;
  /** [neurons, 1, 3, 3], stride 1, padding 1 */
  readonly depthwise: StridedConv;
  /** `gelu` is the exact one, with erf; `geluTanh` its approximation. */
  readonly activation: 'gelu' | 'geluTanh';
  /** [C, neurons] */
  readonly fc2: Linear;
  readonly gate: Gate | null;
}

/** x + attention(norm1(x)), then x + ffn(norm2(x)). */
export interface Block {
  readonly norm1: Norm;
  readonly attention: Attention;
  readonly norm2: Norm;
  readonly ffn: MixFfn;
}

export interface Stage {
  /** Overlapping patch embedding: a strided convolution and a norm. */
  readonly embedding: { readonly conv: StridedConv; readonly norm: Norm };
  readonly blocks: readonly Block[];
  /** Of the stage's output, which the next stage and the head read. */
  readonly norm: Norm;
}

/** BatchNorm at inference as the affine map that it is. [D] each. */
export interface ChannelAffine {
  readonly scale: Float32Array;
  readonly shift: Float32Array;
}

/** The published all-MLP head: project each stage, upsample to the first, fuse, normalise, ReLU. */
export interface MlpHead {
  readonly kind: 'mlp';
  /** Per stage, [E, C of the stage]. */
  readonly projections: readonly Linear[];
  /** Per stage its part of the 1x1 fusing convolution, [D, E]. */
  readonly fuse: readonly Weight[];
  readonly fuseBias: Float32Array | null;
  /** null where it is folded into the fusing convolution. */
  readonly norm: ChannelAffine | null;
  /** [classes, D] */
  readonly classifier: Linear;
}

/** The same function with one matrix per stage, added after upsampling to the first: see foldHead. */
export interface FoldedHead {
  readonly kind: 'folded';
  /** Per stage, [D, C of the stage]. */
  readonly stages: readonly Weight[];
  /** [D] */
  readonly bias: Float32Array;
  /** [classes, D] */
  readonly classifier: Linear;
}

/** Images [1, 3, height, width] to logits [1, classes, height / 4, width / 4]. */
export interface SegformerGraph {
  /** Name of the input in the file it was read from, and of the one that is emitted. */
  readonly inputName: string;
  /** The same of the logits. */
  readonly outputName: string;
  /** Height and width that the file is fixed to; null: any. */
  readonly fixedSize: { readonly height: number; readonly width: number } | null;
  /** Encoder stages at strides 4, 8, 16, 32. */
  readonly stages: readonly Stage[];
  readonly head: MlpHead | FoldedHead;
}

/** The gates that a model has, in the order in which they are computed. */
export function gatesOf(graph: SegformerGraph): Gate[] {
  return graph.stages.flatMap(({ blocks }) =>
    blocks.flatMap(({ attention, ffn }) =>
      [attention.qkGate, attention.vGate, ffn.gate].filter((gate) => gate !== null),
    ),
  );
}

/** Neurons that a gate chooses among. */
export function neuronsOf(gate: Gate): number {
  return gate.layers.at(-1)?.weight.dims[0] ?? 0;
}

/** Neurons of a group kept at a ratio in (0, 1]: round half up, at least one. The rule of models/training. */
export function keptCount(neurons: number, ratio: number): number {
  return Math.max(1, Math.min(neurons, Math.floor(ratio * neurons + 0.5)));
}
