import type { Linear, Norm, StridedConv, Weight } from './segformerGraph.ts';

/**
 * What a tensor of a graph means, without how it is laid out: the words in which a SegFormer is recognised. Node by
 * node an exporter's operators become these; what they do not cover is `unknown` and says why.
 */
export type Expression =
  | { readonly kind: 'image' }
  | { readonly kind: 'unknown'; readonly where: string; readonly why: string }
  /** A strided convolution of all channels. */
  | { readonly kind: 'conv'; readonly of: Expression; readonly conv: StridedConv }
  | {
      readonly kind: 'depthwise';
      readonly of: Expression;
      readonly conv: StridedConv;
      readonly rows: RowChoice;
    }
  /** Of the channels of each position. `rows`: only some outputs; `columns`: only some inputs. */
  | {
      readonly kind: 'linear';
      readonly of: Expression;
      readonly linear: Linear;
      readonly rows: RowChoice | null;
      readonly columns: RowChoice | null;
      /** A bias that is computed for each image. */
      readonly addend: Expression | null;
    }
  | { readonly kind: 'norm'; readonly of: Expression; readonly norm: Norm }
  | {
      readonly kind: 'affine';
      readonly of: Expression;
      readonly scale: Float32Array;
      readonly shift: Float32Array;
    }
  | { readonly kind: 'scaled'; readonly of: Expression; readonly by: number }
  | { readonly kind: 'shifted'; readonly of: Expression; readonly by: number }
  | { readonly kind: 'sum'; readonly a: Expression; readonly b: Expression }
  | { readonly kind: 'difference'; readonly a: Expression; readonly b: Expression }
  /** Element by element. */
  | { readonly kind: 'times'; readonly a: Expression; readonly b: Expression }
  | { readonly kind: 'quotient'; readonly a: Expression; readonly b: Expression }
  /** Of channels: `q` times `k` transposed gives scores, of `heads` heads. */
  | { readonly kind: 'scores'; readonly q: Expression; readonly k: Expression; readonly heads: number }
  | { readonly kind: 'softmax'; readonly of: Expression }
  | { readonly kind: 'mixed'; readonly weights: Expression; readonly v: Expression; readonly heads: number }
  | { readonly kind: 'gelu'; readonly of: Expression; readonly form: 'gelu' | 'geluTanh' }
  | { readonly kind: 'relu'; readonly of: Expression }
  /** Bilinear, half-pixel. */
  | { readonly kind: 'resized'; readonly of: Expression }
  /** Along channels. */
  | { readonly kind: 'joined'; readonly parts: readonly Expression[]; readonly sizes: readonly number[] }
  /** Mean over positions. */
  | { readonly kind: 'pooled'; readonly of: Expression }
  /** Mean over channels, and what LayerNormalization is made of. */
  | { readonly kind: 'channelMean'; readonly of: Expression }
  | { readonly kind: 'centred'; readonly of: Expression }
  | { readonly kind: 'square'; readonly of: Expression }
  | { readonly kind: 'variance'; readonly of: Expression }
  | { readonly kind: 'root'; readonly of: Expression }
  | { readonly kind: 'erf'; readonly of: Expression }
  /** A bias without the share of the kept neurons' means: W2 of the kept times their means, taken away from it. */
  | {
      readonly kind: 'keptMeans';
      readonly gate: GateChoice;
      readonly means: Float32Array;
      readonly bias: Float32Array;
      readonly weight: Weight;
    }
  /** G of the kept neurons. */
  | { readonly kind: 'gateValues'; readonly gate: GateChoice };

/** A TopK over a gate's logits. */
export interface GateChoice {
  readonly scores: Expression;
  readonly groups: number;
  /** Neurons of a group. */
  readonly width: number;
  /** Of them. */
  readonly kept: number;
  /** Tensors that hold the kept indices; one of them may be an output of the graph. */
  readonly names: string[];
}

/** Rows of a constant, in the order of a gate's kept neurons. */
export interface RowChoice {
  readonly gate: GateChoice | null;
  /** Each row multiplied by its gate value. */
  readonly scaled: boolean;
}

/** Every row as it is. */
export const allRows: RowChoice = { gate: null, scaled: false };

/** A constant of the file, or the rows of one that a gate chose (along its first dimension). */
export interface ConstantValue {
  readonly kind: 'constant';
  readonly tensor: Weight;
  readonly rows: RowChoice;
}
