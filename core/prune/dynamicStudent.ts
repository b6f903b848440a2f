import { layerName } from '../onnx/segformer/cutNeurons.ts';
import type { Block, Gate, SegformerGraph } from '../onnx/segformer/segformerGraph.ts';
import { allocateBudget, largestSaving, type PrunableLayer } from './allocateBudget.ts';
import {
  BlockStatistics,
  type BlockKnowledge,
  type BlockSample,
  type LayerStatistics,
} from './blockStatistics.ts';
import { divergence } from './divergence.ts';
import { fitGate, lostEnergy } from './fitGate.ts';
import { withGates } from './withGates.ts';
import { ModelParts } from './modelParts.ts';
import { floatsOf, type OpenSession, type PartTensors } from './partSession.ts';
import type { LayerSize, PruneCost } from './pruneCost.ts';
import type { CalibrationImages, Cancellation, PruneProgress } from './pruneReport.ts';
import { reconstructReaders } from './reconstructReaders.ts';

/** Sensitivity is measured on so many images: each layer costs half a run of the model on each. */
const SENSITIVITY_IMAGES = 6;

export interface DynamicOptions {
  readonly graph: SegformerGraph;
  readonly cost: PruneCost;
  /** Multiply-adds of the student, its gates included, at most. */
  readonly target: number;
  readonly images: CalibrationImages;
  readonly open: OpenSession;
  readonly onProgress: (progress: PruneProgress) => void;
  readonly signal?: Cancellation;
}

export interface DynamicStudent {
  readonly graph: SegformerGraph;
  /** Layer by layer, in the order of the cost's: kept in each group. */
  readonly kept: readonly number[];
  readonly sensitivities: readonly number[];
  readonly unexplained: readonly number[];
  /** Multiply-adds of gates and of the means of what they leave out. */
  readonly gateMacs: number;
}

/** A layer with its gate, and what is known of it. */
interface GatedLayer {
  readonly size: LayerSize;
  readonly statistics: LayerStatistics;
  readonly gate: Gate;
  readonly unexplained: number;
  readonly lost: Float64Array;
}

/**
 * Makes a dynamic student without training, in closed form, from what the model computes for the images:
 *
 * 1. statistics: second moments of every layer. Queries, keys and values change into the bases in which their heads
 *    say most with fewest neurons (an exact change), and each neuron's energy is known for every image.
 * 2. gates: ridge regression of the energies on the pooled tokens.
 * 3. sensitivity: half of one layer is left out, and the change of the logits is measured, layer by layer.
 * 4. the budget is shared out so that these changes add up to least.
 * 5. reconstruction: what reads a Mix-FFN's kept neurons is fitted to what all of them would have said.
 *
 * A neuron that is left out is replaced by its mean, exactly, whatever the gate leaves out: y = W m + W M (h - m) + b.
 */
export async function dynamicStudent(options: DynamicOptions): Promise<DynamicStudent> {
  const { graph, cost, signal } = options;
  const knowledge = await learn(options);
  const layers = cost.layers.map((size) => gateLayer(size, knowledge[size.stage]![size.block]!));
  const sensitivities = await measure(options, knowledge, layers);
  signal?.throwIfAborted();
  const { kept, gateMacs } = shareOut(options, layers, sensitivities);
  const chosen = layers.map((layer, l) =>
    kept[l]! < layer.size.width ? { ...layer.gate, kept: kept[l]! } : null,
  );
  const gateAt = (stage: number, block: number, kind: Gate['kind']) =>
    chosen[
      layers.findIndex(({ size }) => size.stage === stage && size.block === block && size.kind === kind)
    ] ?? null;
  const student: SegformerGraph = {
    ...graph,
    stages: graph.stages.map((stage, s) => ({
      ...stage,
      blocks: stage.blocks.map((own, b) => {
        const gates = { qk: gateAt(s, b, 'qk'), v: gateAt(s, b, 'v'), ffn: gateAt(s, b, 'ffn') };
        const rotated = gates.qk || gates.v ? knowledge[s]![b]!.block : own;
        return withGates(rotated, gates);
      }),
    })),
  };
  return {
    graph: await reconstructReaders(options, student),
    kept,
    sensitivities,
    unexplained: layers.map(({ unexplained }) => unexplained),
    gateMacs,
  };
}

async function learn({
  graph,
  images,
  open,
  onProgress,
  signal,
}: DynamicOptions): Promise<BlockKnowledge[][]> {
  const statistics = graph.stages.map(({ blocks }) => blocks.map((block) => new BlockStatistics(block)));
  const parts = await ModelParts.open(graph, open, () => ({ statistics: true }));
  try {
    for (let i = 0; i < images.count; i++) {
      signal?.throwIfAborted();
      onProgress({ phase: 'statistics', done: i, total: images.count });
      let position = await parts.begin(await images.load(i));
      while (position.stage < graph.stages.length) {
        position = await parts.step(position, ({ stage, block }, outputs) => {
          statistics[stage]![block]!.add(sampleOf(outputs));
        });
      }
    }
  } finally {
    await parts.release();
  }
  return statistics.map((stage) => stage.map((each) => each.finish()));
}

function sampleOf(outputs: PartTensors): BlockSample {
  const of = (name: string) => floatsOf(outputs, name);
  return {
    qkSummary: of('qkSummary'),
    vSummary: of('vSummary'),
    ffnSummary: of('ffnSummary'),
    queryMoments: of('queryMoments'),
    keyMoments: of('keyMoments'),
    mixedMoments: of('mixedMoments'),
    mixedMean: of('mixedMean'),
    activationMean: of('activationMean'),
    activationPower: of('activationPower'),
  };
}

function gateLayer(size: LayerSize, knowledge: BlockKnowledge): GatedLayer {
  const statistics = knowledge[size.kind];
  const name = layerName(size.stage, size.block, size.kind);
  const { gate, unexplained } = fitGate(statistics, { kind: size.kind, name, groups: size.groups });
  return { size, statistics, gate, unexplained, lost: lostEnergy(gate, statistics) };
}

/** Change of the class probabilities where half of one layer is left out, for each layer. */
async function measure(
  { graph, images, open, onProgress, signal }: DynamicOptions,
  knowledge: readonly (readonly BlockKnowledge[])[],
  layers: readonly GatedLayer[],
): Promise<number[]> {
  const count = Math.min(SENSITIVITY_IMAGES, images.count);
  const classes = graph.head.classifier.weight.dims[0]!;
  const parts = await ModelParts.open(graph, open);
  try {
    let positions = [];
    const references: Float32Array[] = [];
    for (let i = 0; i < count; i++) {
      const start = await parts.begin(await images.load(i));
      positions.push(start);
      references.push((await parts.finish(start)).data as Float32Array);
    }
    const found: number[] = [];
    for (const layer of layers) {
      signal?.throwIfAborted();
      onProgress({ phase: 'sensitivity', done: found.length, total: layers.length });
      const { stage, block, width } = layer.size;
      while (positions.some((each) => each.stage < stage || (each.stage === stage && each.block < block))) {
        const next = [];
        for (const each of positions) next.push(await parts.step(each));
        positions = next;
      }
      const pruned = halved(knowledge[stage]![block]!.block, layer);
      const logits = width > 1 ? await parts.logitsWith(pruned, positions) : [];
      const changes = logits.map(({ data }, i) => divergence(references[i]!, data as Float32Array, classes));
      found.push(changes.reduce((sum, change) => sum + change, 0) / count);
    }
    return found;
  } finally {
    await parts.release();
  }
}

const halfOf = (width: number) => Math.max(1, Math.floor(width / 2));

function halved(block: Block, { size, gate }: GatedLayer): Block {
  const gates = { qk: null, v: null, ffn: null, [size.kind]: { ...gate, kept: halfOf(size.width) } };
  return withGates(block, gates);
}

/** Neurons of each layer: losses grow as their energies do, and are as large at half as they were measured. */
function shareOut(
  { cost, target }: DynamicOptions,
  layers: readonly GatedLayer[],
  sensitivities: readonly number[],
): { kept: number[]; gateMacs: number } {
  const prunable: PrunableLayer[] = layers.map(({ size, lost }, l) => {
    const half = lost[halfOf(size.width)]!;
    const scale = half > 0 ? sensitivities[l]! / half : 0;
    return { losses: lost.map((value) => value * scale), price: size.price, least: size.least };
  });
  let gateMacs = 0;
  let kept: number[] = [];
  // Gates cost a little themselves, those of layers that keep everything nothing.
  for (let round = 0; round < 4; round++) {
    kept = allocateBudget(prunable, Math.min(cost.total + gateMacs - target, largestSaving(prunable)));
    gateMacs = layers.reduce((sum, layer, l) => sum + gateCost(layer, kept[l]!), 0);
  }
  return { kept, gateMacs };
}

/** Its products with the pooled tokens, and those that make up for the means of what is left out. */
function gateCost({ size, gate }: GatedLayer, kept: number): number {
  if (kept === size.width) return 0;
  const [neurons = 0, channels = 0] = gate.layers[0]!.weight.dims;
  return channels * (neurons + (gate.means ? kept * size.groups : 0));
}
