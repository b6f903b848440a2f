import { gateLayout } from '../gates/gateLayout.ts';
import { GateStatistics } from '../gates/gateStatistics.ts';
import type { PackedGates } from './imageResult.ts';
import { unpackedGates } from './packedGates.ts';

/**
 * How unusual each image's gates are among all of them, 0 to 1 (GateStatistics.distance); null for an image without
 * gates, and for one whose student has other gated neurons than the first.
 */
export function gateDistances(gates: readonly (PackedGates | null)[]): (number | null)[] {
  const neurons = gates.find((image) => image !== null)?.neurons;
  if (neurons === undefined) return gates.map(() => null);
  // The distance is a mean over all neurons: where one layer ends and the next begins plays no part.
  const layer = { name: 'gates', stage: 0, block: 0, kind: 'ffn', neurons, groups: 1 } as const;
  const statistics = new GateStatistics(gateLayout([layer]));
  const bits = gates.map((image) => (image?.neurons === neurons ? unpackedGates(image) : null));
  for (const image of bits) if (image) statistics.add(image);
  return bits.map((image) => image && statistics.distance(image));
}
