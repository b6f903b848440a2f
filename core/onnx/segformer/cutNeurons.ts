import { ProblemError } from '../../problem.ts';
import { multiplyMatrices, multiplyVector, takeRows, transposed } from './algebra.ts';
import type { Attention, Block, Gate, GateKind, Linear, MixFfn, SegformerGraph } from './segformerGraph.ts';

/** Which layer of a model: `gate.1.0.ffn` is the Mix-FFN of the first block of the second stage, gated or not. */
export function layerName(stage: number, block: number, kind: GateKind): string {
  return `gate.${stage}.${block}.${kind}`;
}

/**
 * Takes neurons out of a model for good. Where those that go were never kept by their gate, the function stays the
 * same; a gate then chooses among those that are left, and keeps no more than there are.
 *
 * @param kept for each layer that is cut, by layerName, the neurons that stay, 0 to neurons - 1; of `qk` and `v` the
 *   same number in each head
 * @throws ProblemError `cut.unknownLayer`, `cut.neuron`, `cut.heads`
 */
export function cutNeurons(
  graph: SegformerGraph,
  kept: ReadonlyMap<string, readonly number[]>,
): SegformerGraph {
  const used = new Set<string>();
  const find = (stage: number, block: number, kind: GateKind, neurons: number, groups: number) => {
    const name = layerName(stage, block, kind);
    const asked = kept.get(name);
    if (asked) used.add(name);
    return asked && checked(name, asked, neurons, groups);
  };
  const stages = graph.stages.map((stage, s) => ({
    ...stage,
    blocks: stage.blocks.map((block, b): Block => {
      const { attention, ffn } = block;
      const count = (linear: Linear) => linear.weight.dims[0] ?? 0;
      const qk = find(s, b, 'qk', count(attention.query), attention.heads);
      const v = find(s, b, 'v', count(attention.value), attention.heads);
      const middle = find(s, b, 'ffn', count(ffn.fc1), 1);
      return {
        ...block,
        attention: cutValues(cutPairs(attention, qk), v),
        ffn: middle ? cutFfn(ffn, middle) : ffn,
      };
    }),
  }));
  const unknown = [...kept.keys()].find((name) => !used.has(name));
  if (unknown !== undefined) {
    throw new ProblemError({
      code: 'cut.unknownLayer',
      title: `the model has no layer ${unknown}`,
      hint: 'Layers are called gate.STAGE.BLOCK.KIND, counted from 0; kinds are qk, v and ffn',
    });
  }
  return { ...graph, stages };
}

/** In ascending order, each once. */
function checked(name: string, asked: readonly number[], neurons: number, groups: number): readonly number[] {
  const rows = [...new Set(asked)].sort((a, b) => a - b);
  const wrong = rows.find((row) => !(Number.isInteger(row) && row >= 0 && row < neurons));
  if (wrong !== undefined || rows.length === 0) {
    throw new ProblemError({
      code: 'cut.neuron',
      title: wrong === undefined ? `${name} would have no neuron left` : `${name} has no neuron ${wrong}`,
      hint: `Keep at least one of 0 to ${neurons - 1}`,
    });
  }
  const width = neurons / groups;
  const perHead = Array.from(
    { length: groups },
    (_, g) => rows.filter((row) => Math.floor(row / width) === g).length,
  );
  if (new Set(perHead).size > 1) {
    throw new ProblemError({
      code: 'cut.heads',
      title: `${name} would keep ${perHead.join(', ')} neurons in its heads`,
      hint: 'Keep the same number in every head',
    });
  }
  return rows;
}

function cutPairs(attention: Attention, rows: readonly number[] | undefined): Attention {
  if (!rows) return attention;
  return {
    ...attention,
    query: takeOutputs(attention.query, rows),
    key: takeOutputs(attention.key, rows),
    qkGate: cutGate(attention.qkGate, attention.query, rows),
  };
}

function cutValues(attention: Attention, rows: readonly number[] | undefined): Attention {
  if (!rows) return attention;
  return {
    ...attention,
    value: takeOutputs(attention.value, rows),
    output: withMeans(attention.output, attention.vGate, rows),
    vGate: cutGate(attention.vGate, attention.value, rows),
  };
}

function cutFfn(ffn: MixFfn, rows: readonly number[]): MixFfn {
  const { depthwise } = ffn;
  return {
    ...ffn,
    fc1: takeOutputs(ffn.fc1, rows),
    depthwise: {
      ...depthwise,
      weight: takeRows(depthwise.weight, rows),
      bias: depthwise.bias && takeValues(depthwise.bias, rows),
    },
    fc2: withMeans(ffn.fc2, ffn.gate, rows),
    gate: cutGate(ffn.gate, ffn.fc1, rows),
  };
}

function takeOutputs({ weight, bias }: Linear, rows: readonly number[]): Linear {
  return { weight: takeRows(weight, rows), bias: bias && takeValues(bias, rows) };
}

function takeValues(values: Float32Array, rows: readonly number[]): Float32Array {
  return Float32Array.from(rows, (row) => values[row]!);
}

/** The layer that reads the neurons: what stood for those that go becomes a part of its bias. */
function withMeans({ weight, bias }: Linear, gate: Gate | null, rows: readonly number[]): Linear {
  const cut = { weight: transposed(takeRows(transposed(weight), rows)), bias };
  if (!gate?.means) return cut;
  const gone = gate.means.map((mean, neuron) => (rows.includes(neuron) ? 0 : mean));
  return { ...cut, bias: Float32Array.from(multiplyVector(weight, gone, bias)) };
}

/** A gate that looks through its layer looks through all of it: the way there becomes a matrix of its own. */
function cutGate(gate: Gate | null, layer: Linear, rows: readonly number[]): Gate | null {
  if (!gate) return null;
  const layers = gate.throughLayer ? withLayer(gate.layers, layer) : gate.layers;
  const last = layers.at(-1)!;
  return {
    ...gate,
    throughLayer: false,
    layers: [...layers.slice(0, -1), takeOutputs(last, rows)],
    kept: Math.min(gate.kept, rows.length / gate.groups),
    means: gate.means && takeValues(gate.means, rows),
  };
}

/** The first of a gate's layers multiplied with the layer that it looks through. */
export function withLayer(layers: readonly Linear[], layer: Linear): readonly Linear[] {
  const [first, ...others] = layers;
  if (!first) return layers;
  const { weight, bias } = first;
  const merged: Linear = {
    weight: multiplyMatrices(weight, layer.weight),
    bias: layer.bias ? Float32Array.from(multiplyVector(weight, layer.bias, bias)) : bias,
  };
  return [merged, ...others];
}
