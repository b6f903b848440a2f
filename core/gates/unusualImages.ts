import type { GateBits } from './gateBits.ts';
import type { GateStatistics } from './gateStatistics.ts';

export interface UnusualImage<Id> {
  readonly id: Id;
  /** GateStatistics.distance, 0 to 1. */
  readonly distance: number;
  /** The layer in which it differs most, by its place in the layout. */
  readonly layer: number;
}

/** Images by how far their gates are from the mean of all of them, the furthest first. */
export function unusualImages<Id>(
  statistics: GateStatistics,
  images: Iterable<readonly [Id, GateBits]>,
): UnusualImage<Id>[] {
  const found = [...images].map(([id, bits]): UnusualImage<Id> => {
    let [layer, largest] = [0, -1];
    statistics.layout.layers.forEach((_, index) => {
      const distance = statistics.distance(bits, index);
      if (distance > largest) [layer, largest] = [index, distance];
    });
    return { id, distance: statistics.distance(bits), layer };
  });
  return found.sort((a, b) => b.distance - a.distance);
}
