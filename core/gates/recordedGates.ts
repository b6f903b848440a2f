import type { GatedLayer, GateLayout } from './gateLayout.ts';
import { packGates, type GateBits } from './gateBits.ts';

/** What the gates of a student did for one picture. */
export interface RecordedGates {
  readonly layers: readonly GatedLayer[];
  /** See GateBits, of `layers` one behind the other. */
  readonly bits: GateBits;
}

/** A tensor as onnxruntime gives it. */
interface GateTensor {
  readonly data: unknown;
}

/** What a run's outputs say. Throws `gates.missing`, `gates.neuron`. */
export function gatesOfOutputs(
  layout: GateLayout,
  outputs: Readonly<Record<string, GateTensor | undefined>>,
): RecordedGates {
  const bits = packGates(layout, (name) => {
    const data = outputs[name]?.data;
    return data instanceof BigInt64Array ? data : undefined;
  });
  return { layers: layout.layers, bits };
}
