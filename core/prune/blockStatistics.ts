import type { Attention, Block } from '../onnx/segformer/segformerGraph.ts';
import { matrix, multiply, transpose, type Matrix } from './algebra/matrix.ts';
import { scoreBasis, valueBasis } from './headBasis.ts';
import { headColumns, rotateHeads, type HeadBases } from './rotateHeads.ts';

/** Bases are those of the first images: their second moments are kept until then, and of all others only energies. */
const BASIS_IMAGES = 32;

/** What one image's run of a block says: the outputs of blockGraph with `statistics`. */
export interface BlockSample {
  readonly qkSummary: Float32Array;
  readonly vSummary: Float32Array;
  readonly ffnSummary: Float32Array;
  readonly queryMoments: Float32Array;
  readonly keyMoments: Float32Array;
  readonly mixedMoments: Float32Array;
  readonly mixedMean: Float32Array;
  readonly activationMean: Float32Array;
  readonly activationPower: Float32Array;
}

/** Of the neurons of a layer over the calibration images. */
export interface LayerStatistics {
  /** What its gate sees, [images, C]. */
  readonly summaries: Matrix;
  /**
   * What leaving a neuron out costs, [images, neurons]: mean square, over the tokens, of its part in what reads it
   * less that part's mean.
   */
  readonly energies: Matrix;
  /** What stands for a neuron that is left out; null for queries and keys. */
  readonly means: Float32Array | null;
}

export interface BlockKnowledge {
  /** With its heads in the bases in which least is lost. */
  readonly block: Block;
  readonly qk: LayerStatistics;
  readonly v: LayerStatistics;
  readonly ffn: LayerStatistics;
}

/** Collects what pruning must know of a block; a few numbers per image and neuron are kept. */
export class BlockStatistics {
  readonly #block: Block;
  readonly #summaries: { qk: Float32Array[]; v: Float32Array[]; ffn: Float32Array[] } = {
    qk: [],
    v: [],
    ffn: [],
  };
  readonly #activations: { mean: Float32Array; power: Float32Array }[] = [];
  readonly #pairs: Float64Array[] = [];
  readonly #mixed: { mean: Float64Array; power: Float64Array }[] = [];
  #waiting: BlockSample[] = [];
  #bases: HeadBases | null = null;

  constructor(block: Block) {
    this.#block = block;
  }

  add(sample: BlockSample): void {
    this.#summaries.qk.push(sample.qkSummary);
    this.#summaries.v.push(sample.vSummary);
    this.#summaries.ffn.push(sample.ffnSummary);
    this.#activations.push({ mean: sample.activationMean, power: sample.activationPower });
    this.#waiting.push(sample);
    if (this.#bases || this.#waiting.length >= BASIS_IMAGES) this.#digest();
  }

  /** @throws RangeError where no image was added */
  finish(): BlockKnowledge {
    const bases = this.#digest();
    const attention = rotateHeads(this.#block.attention, bases);
    const block: Block = { ...this.#block, attention };
    const mixedMeans = averaged(this.#mixed.map(({ mean }) => mean));
    const activationMeans = averaged(this.#activations.map(({ mean }) => mean));
    return {
      block,
      qk: { summaries: stacked(this.#summaries.qk), energies: stacked(this.#pairs), means: null },
      v: {
        summaries: stacked(this.#summaries.v),
        energies: energiesOf(this.#mixed, mixedMeans, columnPowers(attention.output.weight)),
        means: Float32Array.from(mixedMeans),
      },
      ffn: {
        summaries: stacked(this.#summaries.ffn),
        energies: energiesOf(this.#activations, activationMeans, columnPowers(block.ffn.fc2.weight)),
        means: Float32Array.from(activationMeans),
      },
    };
  }

  #digest(): HeadBases {
    this.#bases ??= basesOf(this.#block.attention, this.#waiting);
    for (const sample of this.#waiting) {
      this.#pairs.push(pairEnergies(sample, this.#bases));
      this.#mixed.push(mixedIn(sample, this.#bases));
    }
    this.#waiting = [];
    return this.#bases;
  }
}

function basesOf({ heads, output }: Attention, samples: readonly BlockSample[]): HeadBases {
  if (samples.length === 0) throw new RangeError('no image to learn from');
  const mean = averaged(samples.map(({ mixedMean }) => mixedMean));
  const width = mean.length / heads;
  const each = Array.from({ length: heads }, (_, h) => h);
  return {
    scores: each.map((h) => {
      const queries = averaged(samples.map(({ queryMoments }) => headOf(queryMoments, heads, h).data));
      const keys = averaged(samples.map(({ keyMoments }) => headOf(keyMoments, heads, h).data));
      const d = Math.sqrt(queries.length);
      return scoreBasis(matrix(d, d, queries), matrix(d, d, keys));
    }),
    values: each.map((h) => {
      const own = mean.subarray(h * width, (h + 1) * width);
      const moments = averaged(samples.map(({ mixedMoments }) => headOf(mixedMoments, heads, h).data));
      for (let i = 0; i < width; i++) {
        for (let j = 0; j < width; j++) moments[i * width + j]! -= own[i]! * own[j]!;
      }
      return valueBasis(matrix(width, width, moments), headColumns(output.weight, h, width));
    }),
  };
}

/** A head's [d, d] of [heads, d, d]. */
function headOf(moments: Float32Array, heads: number, h: number): Matrix {
  const size = moments.length / heads;
  const d = Math.sqrt(size);
  return matrix(d, d, moments.subarray(h * size, (h + 1) * size));
}

/** Mean square, over queries and keys, of each pair's part in the scores. */
function pairEnergies(sample: BlockSample, { scores }: HeadBases): Float64Array {
  const parts = scores.map(({ to, back }, h) => {
    const queries = turnedDiagonal(headOf(sample.queryMoments, scores.length, h), to);
    const keys = turnedDiagonal(headOf(sample.keyMoments, scores.length, h), transpose(back));
    return queries.map((power, j) => power * keys[j]!);
  });
  return joined(parts);
}

function mixedIn(sample: BlockSample, { values }: HeadBases): { mean: Float64Array; power: Float64Array } {
  const width = sample.mixedMean.length / values.length;
  const power = values.map(({ to }, h) => turnedDiagonal(headOf(sample.mixedMoments, values.length, h), to));
  const mean = values.map(({ to }, h) => {
    const own = sample.mixedMean.subarray(h * width, (h + 1) * width);
    return multiply(to, matrix(width, 1, own)).data;
  });
  return { mean: joined(mean), power: joined(power) };
}

/** The diagonal of M A M^T, never below zero. */
function turnedDiagonal(a: Matrix, m: Matrix): Float64Array {
  const half = multiply(m, a);
  return Float64Array.from({ length: m.rows }, (_, i) => {
    let sum = 0;
    for (let k = 0; k < m.cols; k++) sum += half.data[i * m.cols + k]! * m.data[i * m.cols + k]!;
    return Math.max(0, sum);
  });
}

/** E (x - m)^2 of each image, times what the reader makes of it. */
function energiesOf(
  images: readonly { readonly mean: ArrayLike<number>; readonly power: ArrayLike<number> }[],
  means: Float64Array,
  readers: Float64Array,
): Matrix {
  const out = matrix(images.length, means.length);
  images.forEach(({ mean, power }, i) => {
    for (let j = 0; j < means.length; j++) {
      const variance = power[j]! - 2 * mean[j]! * means[j]! + means[j]! ** 2;
      out.data[i * means.length + j] = Math.max(0, variance) * readers[j]!;
    }
  });
  return out;
}

/** Squared norm of each column. */
function columnPowers({ dims, data }: { dims: readonly number[]; data: Float32Array }): Float64Array {
  const columns = dims[1] ?? 0;
  const out = new Float64Array(columns);
  data.forEach((value, i) => (out[i % columns]! += value * value));
  return out;
}

function averaged(rows: readonly ArrayLike<number>[]): Float64Array {
  const out = new Float64Array(rows[0]?.length ?? 0);
  for (const row of rows) for (let i = 0; i < out.length; i++) out[i]! += row[i]! / rows.length;
  return out;
}

function stacked(rows: readonly ArrayLike<number>[]): Matrix {
  const columns = rows[0]?.length ?? 0;
  const out = matrix(rows.length, columns);
  rows.forEach((row, i) => out.data.set(Array.from(row), i * columns));
  return out;
}

function joined(parts: readonly Float64Array[]): Float64Array {
  const out = new Float64Array(parts.reduce((total, part) => total + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
