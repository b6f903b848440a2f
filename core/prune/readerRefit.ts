import type { Linear, MixFfn } from '../onnx/segformer/segformerGraph.ts';
import { matrix, multiply, transpose } from './algebra/matrix.ts';
import { solvePositive } from './algebra/solvePositive.ts';

/** Keeps the reader near the one it had: share of the mean diagonal of what is solved. */
const DAMPING = 1e-2;

/**
 * Least-squares reconstruction of the layer that reads gated neurons: with h what a neuron says less its mean and M
 * the mask of an image, the change D of the weights W that makes (W + D) M h come nearest to W h, over all tokens of
 * the calibration images. The kept neurons then say what they know of those left out.
 *
 * Only sums over images are kept: with G the mean of h h^T over an image's tokens, sum M G M and sum M G (1 - M).
 */
export class ReaderRefit {
  readonly #means: Float32Array;
  readonly #keptGram: Float32Array;
  readonly #crossGram: Float32Array;
  readonly #keptSum: Float64Array;
  readonly #lostSum: Float64Array;
  #images = 0;

  /** @param means of the neurons over all images: what stands for one that is left out */
  constructor(means: Float32Array) {
    const n = means.length;
    this.#means = means;
    this.#keptGram = new Float32Array(n * n);
    this.#crossGram = new Float32Array(n * n);
    this.#keptSum = new Float64Array(n);
    this.#lostSum = new Float64Array(n);
  }

  /** Bytes that a refit of so many neurons holds. */
  static bytesFor(neurons: number): number {
    return neurons * neurons * 8;
  }

  /**
   * @param gram mean over the image's tokens of h h^T, means not taken off, [n, n]
   * @param mean over its tokens, [n]; @param kept 1 for neurons that its gate keeps, 0 for others
   */
  add(gram: Float32Array, mean: Float32Array, kept: Uint8Array): void {
    const n = this.#means.length;
    const off = Float64Array.from(mean, (value, i) => value - this.#means[i]!);
    for (let i = 0; i < n; i++) {
      (kept[i] ? this.#keptSum : this.#lostSum)[i]! += off[i]!;
      if (!kept[i]) continue;
      const mi = this.#means[i]!;
      const ai = mean[i]!;
      for (let j = 0; j < n; j++) {
        const centred = gram[i * n + j]! - ai * this.#means[j]! - mi * mean[j]! + mi * this.#means[j]!;
        if (kept[j]) this.#keptGram[i * n + j]! += centred;
        else this.#crossGram[i * n + j]! += centred;
      }
    }
    this.#images += 1;
  }

  /** The Mix-FFN with the reader that fits best where the gate of `ffn` chooses; as it is where no image was added. */
  apply(ffn: MixFfn): MixFfn {
    if (this.#images === 0) return ffn;
    const n = this.#means.length;
    const [channels = 0] = ffn.fc2.weight.dims;
    const count = this.#images;
    const gram = matrix(
      n,
      n,
      this.#keptGram.map((value) => value / count),
    );
    const cross = matrix(
      n,
      n,
      this.#crossGram.map((value) => value / count),
    );
    const kept = this.#keptSum.map((value) => value / count);
    const lost = this.#lostSum.map((value) => value / count);
    // About their means: the bias below takes what is constant.
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        gram.data[i * n + j]! -= kept[i]! * kept[j]!;
        cross.data[i * n + j]! -= kept[i]! * lost[j]!;
      }
    }
    const weight = matrix(channels, n, ffn.fc2.weight.data);
    const change = transpose(solvePositive(gram, multiply(cross, transpose(weight)), DAMPING));
    const bias = Float64Array.from({ length: channels }, (_, c) => {
      let sum = ffn.fc2.bias?.[c] ?? 0;
      for (let j = 0; j < n; j++) {
        const at = c * n + j;
        // In front of the means stand the new weights, and what they explained is not constant any more.
        sum += weight.data[at]! * lost[j]! - change.data[at]! * (kept[j]! + this.#means[j]!);
      }
      return sum;
    });
    const data = Float32Array.from(weight.data, (value, at) => value + change.data[at]!);
    const fc2: Linear = { weight: { dims: [channels, n], data }, bias: Float32Array.from(bias) };
    return { ...ffn, fc2 };
  }
}
