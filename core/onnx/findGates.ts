import type { OnnxModel } from './onnxModel.ts';
import type { NodeProto, TensorProto } from './proto/onnx.generated.ts';
import { readTensor } from './tensor.ts';
import { ProblemError } from '../problem.ts';

/** How many neurons of a gate are computed is a constant of the graph, `gate.<stage>.<block>.<kind>.k`. */
const GATE_COUNT = /^(gate\..+)\.k$/;

/** A gate as the nodes of its graph. */
export interface GateNodes {
  /** `gate.0.1.ffn`: also the name of the output with the kept indices, where the model gives it. */
  readonly name: string;
  /** The initializer with the number of neurons that are kept in each group. */
  readonly count: TensorProto;
  readonly topK: NodeProto;
  readonly groups: number;
  /** Neurons of a group. */
  readonly width: number;
  /** Of each group, as the file has it. */
  readonly kept: number;
  /** The depthwise convolutions whose weights are gathered by what is kept. */
  readonly convolutions: readonly NodeProto[];
  /** The gathers that take the kept neurons' rows out of weights. */
  readonly gathers: readonly NodeProto[];
}

/** Whether the graph has gates whose keep ratio can be set. */
export function hasGates(model: OnnxModel): boolean {
  return model.proto.graph?.initializer.some(({ name }) => GATE_COUNT.test(name)) ?? false;
}

/**
 * The gates of a student of ours, of its own file or of its optimised form, in the order in which they run.
 *
 * @throws ProblemError `retarget.gate`
 */
export function findGates(model: OnnxModel): GateNodes[] {
  const graph = model.proto.graph;
  const counts = graph?.initializer.filter(({ name }) => GATE_COUNT.test(name)) ?? [];
  const readers = readersOf(graph?.node ?? []);
  const order = new Map(graph?.node.map((node, index) => [node, index]));
  return counts
    .map((count) => findGate(model, count, readers))
    .sort((a, b) => order.get(a.topK)! - order.get(b.topK)!);
}

type Readers = ReadonlyMap<string, readonly NodeProto[]>;

function readersOf(nodes: readonly NodeProto[]): Readers {
  const readers = new Map<string, NodeProto[]>();
  for (const node of nodes) {
    for (const name of new Set(node.input)) {
      const known = readers.get(name);
      if (known) known.push(node);
      else readers.set(name, [node]);
    }
  }
  return readers;
}

function findGate(model: OnnxModel, count: TensorProto, readers: Readers): GateNodes {
  const topK = readers.get(count.name)?.find(({ opType }) => opType === 'TopK');
  const rows = topK && scoreShape(model, topK.input[0] ?? '');
  const kept = readTensor(model, count)?.[0] ?? NaN;
  if (!topK || !rows || !Number.isFinite(kept)) {
    throw new ProblemError({
      code: 'retarget.gate',
      subject: model.subject,
      title: `${count.name} is not the count of a gate that chooses among scores of a known shape`,
      hint: 'Export the student again with models/training',
    });
  }
  const [groups, width] = rows;
  const name = GATE_COUNT.exec(count.name)![1]!;
  return { name, count, topK, groups, width, kept, ...readWeights(topK, readers) };
}

/** [groups, neurons] that the scores are reshaped to before TopK. */
function scoreShape(model: OnnxModel, scores: string): readonly [number, number] | undefined {
  const graph = model.proto.graph;
  const reshape = graph?.node.find(({ opType, output }) => opType === 'Reshape' && output[0] === scores);
  const shape = graph?.initializer.find(({ name }) => name === reshape?.input[1]);
  const [groups, neurons, ...more] = shape ? (readTensor(model, shape) ?? []) : [];
  if (groups === undefined || neurons === undefined || more.length > 0) return undefined;
  return groups > 0 && neurons > 0 ? [groups, neurons] : undefined;
}

/** Where the weights go that are gathered by what TopK chose. */
function readWeights(topK: NodeProto, readers: Readers): Pick<GateNodes, 'convolutions' | 'gathers'> {
  const convolutions = new Set<NodeProto>();
  const gathers = new Set<NodeProto>();
  const seen = new Set<string>(topK.output);
  const indices = new Set<string>(topK.output.slice(1));
  const waiting = [...topK.output];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    for (const node of readers.get(name) ?? []) {
      if (node.opType === 'Conv') {
        // Of one kept neuron it has one group, as any convolution.
        if (node.input[1] === name) convolutions.add(node);
        continue;
      }
      if (node.opType === 'Gather' && node.input[1] === name && indices.has(name)) gathers.add(node);
      const isIndex = indices.has(name) && ['Add', 'Reshape', 'Cast', 'Flatten'].includes(node.opType);
      // Weights go through these on their way; what is computed of the picture does not.
      if (
        !isIndex &&
        !['Gather', 'Reshape', 'Mul', 'Cast', 'Split', 'Slice', 'Transpose'].includes(node.opType)
      )
        continue;
      for (const output of node.output) {
        if (isIndex) indices.add(output);
        if (seen.has(output)) continue;
        seen.add(output);
        waiting.push(output);
      }
    }
  }
  return { convolutions: [...convolutions], gathers: [...gathers] };
}
