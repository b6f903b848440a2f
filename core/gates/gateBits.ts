import { ProblemError } from '../problem.ts';
import type { GateLayout } from './gateLayout.ts';

/**
 * Which neurons one image kept: a bit per neuron of a GateLayout, layer after layer, the lowest bit of a byte first.
 * 768 bytes for the 6,144 gated neurons of a SegFormer-B0.
 */
export type GateBits = Uint8Array;

/** Bytes of the bits of so many neurons. */
export function gateBytes(neurons: number): number {
  return Math.ceil(neurons / 8);
}

/**
 * The bits of what a student's gates gave.
 *
 * @param kept for each layer by its name the indices of the neurons that it kept, int64 or numbers, in any order
 * @throws ProblemError `gates.missing`, `gates.neuron`
 */
export function packGates(
  layout: GateLayout,
  kept: (name: string) => ArrayLike<number | bigint> | undefined,
): GateBits {
  const bits = new Uint8Array(gateBytes(layout.neurons));
  layout.layers.forEach(({ name, neurons }, index) => {
    const indices = kept(name);
    if (!indices)
      throw new ProblemError({ code: 'gates.missing', title: `the student gave no output ${name}` });
    const start = layout.starts[index]!;
    for (const neuron of Array.from(indices, Number)) {
      if (!(Number.isInteger(neuron) && neuron >= 0 && neuron < neurons)) {
        throw new ProblemError({
          code: 'gates.neuron',
          title: `${name} kept neuron ${neuron}, it has 0 to ${neurons - 1}`,
        });
      }
      setBit(bits, start + neuron);
    }
  });
  return bits;
}

export function setBit(bits: GateBits, at: number): void {
  bits[at >> 3]! |= 1 << (at & 7);
}

/** @param at a neuron's place in the layout: its layer's start plus its number */
export function isKept(bits: GateBits, at: number): boolean {
  return ((bits[at >> 3]! >> (at & 7)) & 1) === 1;
}

/** The neurons of a layer that were kept, in ascending order. `layer`: its place in the layout. */
export function keptNeurons({ layers, starts }: GateLayout, bits: GateBits, layer: number): number[] {
  const start = starts[layer]!;
  const kept: number[] = [];
  for (let neuron = 0; neuron < layers[layer]!.neurons; neuron++) {
    if (isKept(bits, start + neuron)) kept.push(neuron);
  }
  return kept;
}

/** How many neurons were kept, over all layers. */
export function countKept(bits: GateBits): number {
  let count = 0;
  for (const byte of bits) {
    for (let rest = byte; rest !== 0; rest &= rest - 1) count++;
  }
  return count;
}
