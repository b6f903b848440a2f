import type { GateStatistics } from './gateStatistics.ts';

/** How much alike the neurons are that two images, or two groups of images, keep. 0 to 1; null where neither keeps any. */
export interface GateOverlap {
  readonly all: number | null;
  /** In the order of the layers. */
  readonly layers: readonly (number | null)[];
}

/**
 * Jaccard's index of the kept neurons, of groups by its form for shares: the sum of the smaller frequency over the
 * sum of the larger one. Of two single images that is |A and B| / |A or B|.
 */
export function gateOverlap(a: GateStatistics, b: GateStatistics): GateOverlap {
  const { layers, starts } = a.layout;
  let [allBoth, allEither] = [0, 0];
  const perLayer = layers.map((layer, index) => {
    let [both, either] = [0, 0];
    for (let neuron = 0; neuron < layer.neurons; neuron++) {
      const at = starts[index]! + neuron;
      both += Math.min(a.frequency(at), b.frequency(at));
      either += Math.max(a.frequency(at), b.frequency(at));
    }
    allBoth += both;
    allEither += either;
    return ratio(both, either);
  });
  return { all: ratio(allBoth, allEither), layers: perLayer };
}

const ratio = (both: number, either: number): number | null => (either === 0 ? null : both / either);
