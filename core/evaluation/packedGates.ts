import { countKept } from '../gates/gateBits.ts';
import type { RecordedGates } from '../gates/recordedGates.ts';
import type { PackedGates } from './imageResult.ts';

/** What the gates of a run did, in the form in which it is kept. */
export function packedGates({ layers, bits }: RecordedGates): PackedGates {
  const neurons = layers.reduce((sum, layer) => sum + layer.neurons, 0);
  return { neurons, bits: gateBitsText(bits) };
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Gate bits as PackedGates has them. */
export function gateBitsText(bits: Uint8Array): string {
  return Array.from(bits, (byte) => HEX[byte]!).join('');
}

/** The gate bits again. */
export function unpackedGates({ bits }: PackedGates): Uint8Array {
  return Uint8Array.from({ length: bits.length / 2 }, (_, n) =>
    Number.parseInt(bits.slice(2 * n, 2 * n + 2), 16),
  );
}

/** The share of the gated neurons that were computed, 0 to 1. */
export function keptShare(gates: PackedGates): number {
  return countKept(unpackedGates(gates)) / gates.neurons;
}
