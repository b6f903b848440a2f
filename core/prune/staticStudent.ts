import { cutNeurons, layerName } from '../onnx/segformer/cutNeurons.ts';
import { keptCount, type Block, type SegformerGraph } from '../onnx/segformer/segformerGraph.ts';
import type { LayerSize, PruneCost } from './pruneCost.ts';

/**
 * The student that magnitude pruning makes: in every layer the same share of the neurons with the smallest weights is
 * cut for good, and nothing makes up for them. What dynamic pruning is compared with (Bai et al. 2022).
 *
 * A neuron's magnitude is the product of the norms of what feeds it and of what reads it: of query and key for a
 * pair, of value and output projection, of both linear layers of a Mix-FFN. It does not change where one side is
 * scaled and the other scaled back. Pairs and values are chosen within each head, so that heads stay equally wide.
 *
 * @param kept of each layer of `cost`, in each group
 */
export function staticStudent(
  graph: SegformerGraph,
  cost: PruneCost,
  kept: readonly number[],
): SegformerGraph {
  const chosen = cost.layers.map(({ stage, block, kind, groups }, l): [string, number[]] => {
    const values = magnitudes(graph.stages[stage]!.blocks[block]!, kind);
    return [layerName(stage, block, kind), largestInGroups(values, groups, kept[l]!)];
  });
  return cutNeurons(graph, new Map(chosen));
}

/** One ratio for all layers that costs at most `target` multiply-adds: neurons kept in each group, layer by layer. */
export function uniformKept({ total, layers }: PruneCost, target: number): number[] {
  const keptAt = (ratio: number) =>
    layers.map(({ width, least }) => Math.max(least, keptCount(width, ratio)));
  const costOf = (kept: readonly number[]) =>
    layers.reduce((sum, { width, price }, l) => sum - (width - kept[l]!) * price, total);
  let low = 0;
  let high = 1;
  if (costOf(keptAt(1)) <= target) return keptAt(1);
  for (let i = 0; i < 50; i++) {
    const ratio = (low + high) / 2;
    if (costOf(keptAt(ratio)) <= target) low = ratio;
    else high = ratio;
  }
  // Whole neurons: what rounding left over goes to the layers that it took most from.
  const kept = keptAt(low);
  const order = layers.map((_, l) => l).sort((a, b) => shortage(b) - shortage(a));
  function shortage(l: number): number {
    return low * layers[l]!.width - kept[l]!;
  }
  for (const l of order) {
    const { width, price } = layers[l]!;
    if (kept[l]! < width && costOf(kept) + price <= target) kept[l]! += 1;
  }
  return kept;
}

function magnitudes({ attention, ffn }: Block, kind: LayerSize['kind']): Float64Array {
  switch (kind) {
    case 'qk':
      return product(rowNorms(attention.query.weight), rowNorms(attention.key.weight));
    case 'v':
      return product(rowNorms(attention.value.weight), columnNorms(attention.output.weight));
    case 'ffn':
      return product(rowNorms(ffn.fc1.weight), columnNorms(ffn.fc2.weight));
  }
}

interface Weights {
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

function rowNorms({ dims, data }: Weights): Float64Array {
  const out = new Float64Array(dims[0] ?? 0);
  const width = data.length / out.length;
  data.forEach((value, i) => (out[Math.floor(i / width)]! += value * value));
  return out.map(Math.sqrt);
}

function columnNorms({ dims, data }: Weights): Float64Array {
  const out = new Float64Array(dims[1] ?? 0);
  data.forEach((value, i) => (out[i % out.length]! += value * value));
  return out.map(Math.sqrt);
}

function product(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, i) => value * b[i]!);
}

/** The `count` largest of each group, in their order; of equal ones the first. */
function largestInGroups(values: Float64Array, groups: number, count: number): number[] {
  const width = values.length / groups;
  return Array.from({ length: groups }, (_, g) =>
    Array.from({ length: width }, (_unused, i) => g * width + i)
      .sort((a, b) => values[b]! - values[a]! || a - b)
      .slice(0, count)
      .sort((a, b) => a - b),
  ).flat();
}
