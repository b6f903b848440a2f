import type { Block, Linear, SegformerGraph, Weight } from '../segformer/segformerGraph.ts';
import { foldHead } from '../segformer/foldHead.ts';
import { centreBlock } from '../segformer/centreBlock.ts';
import { withLayer } from '../segformer/cutNeurons.ts';
import { roundToInt8 } from '../int8.ts';

/**
 * Numbers that a product must add up for 8 bits to be faster than floats in onnxruntime's WASM kernels: rounding the
 * map and undoing the scales is a pass each over what goes in and comes out.
 */
const LEAST_INNER = 160;

/** A matrix product whose weights may be stored, and multiplied, in 8 bits. */
export interface LightLayer {
  /** `stage.2.0.fc1`, `stage.0.1.reduction`, `head.3`. */
  readonly name: string;
  /** Elements of its weight. */
  readonly weights: number;
}

/** The products of a model for which 8 bits pay, in the order in which they are computed. */
export function lightLayers(graph: SegformerGraph): LightLayer[] {
  const found: LightLayer[] = [];
  changeWeights(graph, (name, weight) => {
    found.push({ name, weights: weight.data.length });
    return weight;
  });
  return found;
}

/**
 * The model made ready for being lightened, its function the same: the head folded, gates that look through their
 * layer with a matrix of their own, and no mean over channels in what blocks add to the tokens, so that the forms that
 * the studio runs have the very weights that are rounded.
 */
export function preparedForLight(graph: SegformerGraph): SegformerGraph {
  return {
    ...graph,
    head: foldHead(graph.head),
    stages: graph.stages.map((stage) => ({
      ...stage,
      blocks: stage.blocks.map((block) => centreBlock(withOwnGates(block))),
    })),
  };
}

function withOwnGates(block: Block): Block {
  const { attention, ffn } = block;
  const own = (gate: Block['ffn']['gate'], layer: Linear) =>
    gate?.throughLayer ? { ...gate, throughLayer: false, layers: withLayer(gate.layers, layer) } : gate;
  return {
    ...block,
    attention: {
      ...attention,
      qkGate: own(attention.qkGate, attention.query),
      vGate: own(attention.vGate, attention.value),
    },
    ffn: { ...ffn, gate: own(ffn.gate, ffn.fc1) },
  };
}

/** GELU by its approximation with tanh, everywhere. */
export function withTanhGelu(graph: SegformerGraph): SegformerGraph {
  return {
    ...graph,
    stages: graph.stages.map((stage) => ({
      ...stage,
      blocks: stage.blocks.map((block) => ({ ...block, ffn: { ...block.ffn, activation: 'geluTanh' } })),
    })),
  };
}

/** The layers named, of lightLayers, with weights on a grid of 8 bits; all others as they are. */
export function withInt8(graph: SegformerGraph, names: ReadonlySet<string>): SegformerGraph {
  return changeWeights(graph, (name, weight) => (names.has(name) ? roundToInt8(weight) : weight));
}

/** The names of the layers that are in 8 bits. */
export function int8Layers(graph: SegformerGraph): string[] {
  const found: string[] = [];
  changeWeights(graph, (name, weight) => {
    if (weight.int8) found.push(name);
    return weight;
  });
  return found;
}

type Change = (name: string, weight: Weight) => Weight;

function changeWeights(graph: SegformerGraph, change: Change): SegformerGraph {
  const of = (name: string, weight: Weight) =>
    weight.data.length / (weight.dims[0] ?? 1) < LEAST_INNER ? weight : change(name, weight);
  const linear = (name: string, layer: Linear): Linear => ({ ...layer, weight: of(name, layer.weight) });
  const stages = graph.stages.map((stage, s) => ({
    ...stage,
    blocks: stage.blocks.map((block, b): Block => {
      const own = `stage.${s}.${b}`;
      const { attention, ffn } = block;
      const { reduction } = attention;
      return {
        ...block,
        attention: {
          ...attention,
          reduction: reduction && {
            ...reduction,
            conv: { ...reduction.conv, weight: of(`${own}.reduction`, reduction.conv.weight) },
          },
          query: linear(`${own}.query`, attention.query),
          key: linear(`${own}.key`, attention.key),
          value: linear(`${own}.value`, attention.value),
          output: linear(`${own}.output`, attention.output),
        },
        ffn: {
          ...ffn,
          fc1: linear(`${own}.fc1`, ffn.fc1),
          // What stands for pruned neurons is summed with these weights as floats.
          fc2: ffn.gate?.means ? ffn.fc2 : linear(`${own}.fc2`, ffn.fc2),
        },
      };
    }),
  }));
  const head = foldHead(graph.head);
  return {
    ...graph,
    stages,
    head: { ...head, stages: head.stages.map((weight, s) => of(`head.${s}`, weight)) },
  };
}
