import { z } from 'zod';

/** A layer of a student of which each image computes some neurons alone. */
export const gatedLayerSchema = z.object({
  /** Graph output of the kept neurons' indices: `gate.0.1.ffn`. */
  name: z.string().min(1),
  /** From 0. */
  stage: z.number().int().nonnegative(),
  block: z.number().int().nonnegative(),
  kind: z.enum(['qk', 'v', 'ffn']),
  neurons: z.number().int().positive(),
  /** Equal parts of the neurons in which the same number is kept: the heads; 1 for `ffn`. */
  groups: z.number().int().positive(),
});
export type GatedLayer = z.infer<typeof gatedLayerSchema>;

/** The gated layers of a student in the order in which they run, and where their neurons lie in a GateBits. */
export interface GateLayout {
  readonly layers: readonly GatedLayer[];
  /** The bit of each layer's neuron 0. */
  readonly starts: readonly number[];
  /** Of all layers. */
  readonly neurons: number;
}

/** Lays the neurons of all layers one behind the other. */
export function gateLayout(layers: readonly GatedLayer[]): GateLayout {
  const starts: number[] = [];
  let neurons = 0;
  for (const layer of layers) {
    starts.push(neurons);
    neurons += layer.neurons;
  }
  return { layers, starts, neurons };
}

/** Stage and block from 1, as people count: `stage 1 · block 2 · Mix-FFN`. */
export function layerTitle({ stage, block, kind }: Pick<GatedLayer, 'stage' | 'block' | 'kind'>): string {
  return `stage ${stage + 1} · block ${block + 1} · ${KIND_WORDS[kind]}`;
}

const KIND_WORDS: Readonly<Record<GatedLayer['kind'], string>> = {
  qk: 'queries, keys',
  v: 'values',
  ffn: 'Mix-FFN',
};
