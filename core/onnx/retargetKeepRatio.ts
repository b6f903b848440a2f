import { Attributes } from './attributes.ts';
import type { OnnxModel } from './onnxModel.ts';
import type { NodeProto, TensorProto } from './proto/onnx.generated.ts';
import { readTensor } from './tensor.ts';
import { ProblemError } from '../problem.ts';

/** How many neurons of a gate are computed is a constant of the graph, `gate.<stage>.<block>.<kind>.k`. */
const GATE_COUNT = /^gate\..+\.k$/;

/** Whether the graph has gates whose keep ratio can be set. */
export function hasGates(model: OnnxModel): boolean {
  return model.proto.graph?.initializer.some(({ name }) => GATE_COUNT.test(name)) ?? false;
}

/**
 * Sets the share of neurons that each gate lets through, 0 to 1 (at least one), in place: the number that TopK
 * takes, and the groups of the depthwise convolution that gets them. Everything else follows from these.
 * Throws ProblemError `retarget.noGates`, `retarget.gate`.
 */
export function retargetKeepRatio(model: OnnxModel, keepRatio: number): void {
  const graph = model.proto.graph;
  const counts = graph?.initializer.filter(({ name }) => GATE_COUNT.test(name)) ?? [];
  if (!graph || counts.length === 0) {
    throw new ProblemError({
      code: 'retarget.noGates',
      subject: model.subject,
      title: 'it has no gates, so there is no keep ratio to set',
      hint: 'Choose a student of this studio, or prune a model to get one',
    });
  }
  const readers = readersOf(graph.node);
  for (const count of counts) retargetGate(model, count, keepRatio, readers);
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

function retargetGate(model: OnnxModel, count: TensorProto, keepRatio: number, readers: Readers): void {
  const topK = readers.get(count.name)?.find(({ opType }) => opType === 'TopK');
  const rows = topK && scoreShape(model, topK.input[0] ?? '');
  const before = readTensor(model, count)?.[0] ?? NaN;
  if (!topK || !rows || !Number.isFinite(before)) {
    throw new ProblemError({
      code: 'retarget.gate',
      subject: model.subject,
      title: `${count.name} is not the count of a gate that chooses among scores of a known shape`,
      hint: 'Export the student again with models/training',
    });
  }
  const [groups, neurons] = rows;
  const kept = Math.min(neurons, Math.max(1, Math.round(neurons * keepRatio)));
  count.int64Data = [];
  count.rawData = new Uint8Array(BigInt64Array.of(BigInt(kept)).buffer);
  for (const conv of depthwiseConvolutions(topK, readers)) {
    const group = conv.attribute.find(({ name }) => name === 'group');
    if (group?.i === BigInt(before * groups)) group.i = BigInt(kept * groups);
  }
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

/** The grouped convolutions whose weights are gathered by what TopK chose. */
function depthwiseConvolutions(topK: NodeProto, readers: Readers): NodeProto[] {
  const found = new Set<NodeProto>();
  const seen = new Set<string>(topK.output);
  const waiting = [...topK.output];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    for (const node of readers.get(name) ?? []) {
      if (node.opType === 'Conv') {
        if (node.input[1] === name && (new Attributes(node).int('group') ?? 1) > 1) found.add(node);
        continue;
      }
      // Weights go through these on their way; what is computed of the picture does not.
      if (!['Gather', 'Reshape', 'Mul', 'Cast', 'Split', 'Slice', 'Transpose'].includes(node.opType))
        continue;
      for (const output of node.output) {
        if (seen.has(output)) continue;
        seen.add(output);
        waiting.push(output);
      }
    }
  }
  return [...found];
}
