import { ProblemError } from '../problem.ts';
import { gateBytes, isKept, type GateBits } from './gateBits.ts';
import type { GateLayout } from './gateLayout.ts';

/** How often each neuron was kept over some images. Sums of parts add up to that of the whole. */
export class GateStatistics {
  /** Per neuron of the layout: images that kept it. */
  readonly counts: Uint32Array;
  private added = 0;

  constructor(readonly layout: GateLayout) {
    this.counts = new Uint32Array(layout.neurons);
  }

  /** How many images were counted. */
  get images(): number {
    return this.added;
  }

  /** Counts one image. Throws `gates.length` for the bits of another student. */
  add(bits: GateBits): void {
    if (bits.length !== gateBytes(this.layout.neurons)) {
      throw new ProblemError({
        code: 'gates.length',
        title: `${bits.length} bytes of gates are not those of ${this.layout.neurons} neurons`,
      });
    }
    for (let at = 0; at < this.counts.length; at++) if (isKept(bits, at)) this.counts[at]! += 1;
    this.added++;
  }

  /** The same counts, to go on with. */
  copy(): GateStatistics {
    const other = new GateStatistics(this.layout);
    other.counts.set(this.counts);
    other.added = this.added;
    return other;
  }

  /** The share of the images that kept a neuron, 0 to 1; 0 where none was counted. */
  frequency(at: number): number {
    return this.added === 0 ? 0 : this.counts[at]! / this.added;
  }

  /**
   * How unusual an image's gates are among those that were counted: the mean over neurons of |kept - frequency|, 0 to
   * 1. That is the share of the neurons in which it differs from an image drawn at random.
   */
  distance(bits: GateBits, layer?: number): number {
    const { starts, layers, neurons } = this.layout;
    const from = layer === undefined ? 0 : starts[layer]!;
    const to = layer === undefined ? neurons : from + layers[layer]!.neurons;
    let sum = 0;
    for (let at = from; at < to; at++) sum += Math.abs((isKept(bits, at) ? 1 : 0) - this.frequency(at));
    return to === from ? 0 : sum / (to - from);
  }
}

/** The statistics of some images. Throws `gates.length`. */
export function statisticsOf(layout: GateLayout, images: Iterable<GateBits>): GateStatistics {
  const statistics = new GateStatistics(layout);
  for (const bits of images) statistics.add(bits);
  return statistics;
}
