import type { PackedGates } from './imageResult.ts';
import { unpackedGates } from './packedGates.ts';

const BYTES = 256;

/**
 * How unusual images' gates are among all of them: the mean over neurons of |kept - frequency|, 0 to 1, as
 * GateStatistics.distance, with a table over bytes in place of a look at each bit. Count all images, then ask.
 */
export class GateDistances {
  /** For each byte of the bits how often it had each value. */
  private readonly seen: Uint32Array;
  private images = 0;
  private sums: Float64Array | null = null;

  constructor(readonly neurons: number) {
    this.seen = new Uint32Array(Math.ceil(neurons / 8) * BYTES);
  }

  /** `bits`: core/gates/gateBits.ts, of as many neurons. */
  add(bits: Uint8Array): void {
    for (let at = 0; at < bits.length; at++) this.seen[at * BYTES + bits[at]!]! += 1;
    this.images++;
    this.sums = null;
  }

  of(bits: Uint8Array): number {
    const sums = (this.sums ??= this.sumUp());
    let sum = 0;
    for (let at = 0; at < bits.length; at++) sum += sums[at * BYTES + bits[at]!]!;
    return sum / this.neurons;
  }

  /** For each byte and each value of it, what it adds to the distance. */
  private sumUp(): Float64Array {
    const sums = new Float64Array(this.seen.length);
    const frequency = new Float64Array(8);
    for (let at = 0; at < this.seen.length; at += BYTES) {
      frequency.fill(0);
      for (let value = 1; value < BYTES; value++) {
        const images = this.seen[at + value]!;
        if (images === 0) continue;
        for (let bit = 0; bit < 8; bit++) if ((value >> bit) & 1) frequency[bit]! += images;
      }
      const used = Math.min(8, this.neurons - (at / BYTES) * 8);
      for (let value = 0; value < BYTES; value++) {
        for (let bit = 0; bit < used; bit++) {
          sums[at + value]! += Math.abs(((value >> bit) & 1) - frequency[bit]! / this.images);
        }
      }
    }
    return sums;
  }
}

/** Of all images at once; null for an image without gates, and where its student has other neurons than the first's. */
export function gateDistances(gates: readonly (PackedGates | null)[]): (number | null)[] {
  const neurons = gates.find((image) => image !== null)?.neurons;
  if (neurons === undefined) return gates.map(() => null);
  const distances = new GateDistances(neurons);
  const bits = gates.map((image) => (image?.neurons === neurons ? unpackedGates(image) : null));
  for (const image of bits) if (image) distances.add(image);
  return bits.map((image) => image && distances.of(image));
}
