import type { PackedGates } from './imageResult.ts';

/** Gate bits (core/gates/gateBits.ts) in the form in which they are kept. `neurons`: gated ones of all layers. */
export function packedGates(bits: Uint8Array, neurons: number): PackedGates {
  return { neurons, bits: Array.from(bits, (byte) => byte.toString(16).padStart(2, '0')).join('') };
}

/** The gate bits again. */
export function unpackedGates({ bits }: PackedGates): Uint8Array {
  return Uint8Array.from({ length: bits.length / 2 }, (_, n) =>
    Number.parseInt(bits.slice(2 * n, 2 * n + 2), 16),
  );
}

/** The share of the gated neurons that were computed, 0 to 1. */
export function keptShare(gates: PackedGates): number {
  let kept = 0;
  for (const byte of unpackedGates(gates)) for (let rest = byte; rest > 0; rest &= rest - 1) kept++;
  return kept / gates.neurons;
}
