import type { GatedLayer } from './gateLayout.ts';
import type { GateStatistics } from './gateStatistics.ts';

/** Bai et al. 2022: I, II and III. */
export type NeuronType = 'always' | 'sometimes' | 'never';

export const NEURON_TYPE_NUMERAL: Readonly<Record<NeuronType, string>> = {
  always: 'I',
  sometimes: 'II',
  never: 'III',
};

export interface LayerTypes {
  readonly layer: GatedLayer;
  readonly always: number;
  readonly sometimes: number;
  readonly never: number;
  /** Mean over the layer's neurons of the share of images that kept them, 0 to 1. */
  readonly meanKept: number;
}

/**
 * @param frequency share of the images that kept a neuron, 0 to 1
 * @param tolerance how far from 1 and from 0 still counts as always and never; 0: not one image
 */
export function neuronType(frequency: number, tolerance = 0): NeuronType {
  if (frequency >= 1 - tolerance) return 'always';
  return frequency <= tolerance ? 'never' : 'sometimes';
}

/** How many neurons of each type each layer has, in the order of the layers. */
export function typesByLayer(statistics: GateStatistics, tolerance = 0): LayerTypes[] {
  const { layers, starts } = statistics.layout;
  return layers.map((layer, index) => {
    const counts = { always: 0, sometimes: 0, never: 0 };
    let sum = 0;
    for (let neuron = 0; neuron < layer.neurons; neuron++) {
      const frequency = statistics.frequency(starts[index]! + neuron);
      counts[neuronType(frequency, tolerance)]++;
      sum += frequency;
    }
    return { layer, ...counts, meanKept: sum / layer.neurons };
  });
}
