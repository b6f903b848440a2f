import type { GatedLayer } from './gateLayout.ts';
import type { GateStatistics } from './gateStatistics.ts';

/** What would be left of a layer without the neurons that no image kept. */
export interface LayerCut {
  readonly layer: GatedLayer;
  /** In ascending order; as many in each of its groups. */
  readonly left: readonly number[];
  /** How many neurons no image kept. */
  readonly never: number;
  /** How many of these can go: a layer's heads stay equally wide. */
  readonly cut: number;
}

/** The layers of a student less the neurons that none of the counted images kept, in their order. */
export function neuronsToKeep(statistics: GateStatistics): LayerCut[] {
  const { layers, starts } = statistics.layout;
  return layers.map((layer, index) => {
    const width = layer.neurons / layer.groups;
    const never = Array.from({ length: layer.groups }, (_, group) =>
      Array.from({ length: width }, (_, i) => group * width + i).filter(
        (neuron) => statistics.images > 0 && statistics.counts[starts[index]! + neuron] === 0,
      ),
    );
    const perGroup = Math.min(...never.map(({ length }) => length));
    const gone = new Set(never.flatMap((neurons) => neurons.slice(0, perGroup)));
    const left = Array.from({ length: layer.neurons }, (_, neuron) => neuron).filter(
      (neuron) => !gone.has(neuron),
    );
    return { layer, left, never: never.flat().length, cut: gone.size };
  });
}
