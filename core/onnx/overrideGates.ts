import { buildNode, floatTensor } from './buildModel.ts';
import { Attributes } from './attributes.ts';
import { findGates } from './findGates.ts';
import type { GateNodes } from './findGates.ts';
import type { OnnxModel } from './onnxModel.ts';
import type { GraphProto, NodeProto } from './proto/onnx.generated.ts';
import { setKept } from './retargetKeepRatio.ts';
import { ProblemError } from '../problem.ts';

/** What is forced of one gate. Neurons are numbered over all groups, from 0. */
export interface GateOverride {
  /** `gate.0.1.ffn` */
  readonly name: string;
  readonly on: readonly number[];
  /** One that is in both is on. */
  readonly off: readonly number[];
  /**
   * What the gate keeps of the image at hand when nothing is forced: as many of its own neurons are computed beside
   * the forced ones. Where an earlier layer is forced too, it may choose others, as many.
   */
  readonly kept: readonly number[];
}

/** More than any logit of a gate, and small enough that float32 still tells a logit's order beside it. */
const FORCE = 1e6;

/**
 * Forces neurons on or off in a student's graph, in place: a constant is added to the gates' logits before TopK, whose
 * number follows. Values that scale the kept neurons stay those of the gate.
 *
 * A layer computes the same number of neurons in each of its heads: where one needs fewer than another, what is too
 * much is computed and multiplied by 0, everything that stands for a neuron that is left out included. Nothing but the
 * multiply-adds tells that from a graph without it.
 *
 * @throws ProblemError `override.noGate`, `override.neuron`, `override.gate`, `retarget.gate`
 */
export function overrideGates(model: OnnxModel, overrides: readonly GateOverride[]): void {
  const { graph } = model.proto;
  const gates = new Map(findGates(model).map((gate) => [gate.name, gate]));
  const inserted: Inserted = { before: new Map(), after: new Map() };
  for (const override of overrides) {
    const gate = gates.get(override.name);
    if (!gate || !graph) throw noGate(model, override.name, [...gates.keys()]);
    checkNeurons(model, override, gate);
    force(model, graph, gate, override, inserted);
  }
  if (!graph) return;
  graph.node = graph.node.flatMap((node) => [
    ...(inserted.before.get(node) ?? []),
    node,
    ...(inserted.after.get(node) ?? []),
  ]);
}

interface Inserted {
  readonly before: Map<NodeProto, NodeProto[]>;
  readonly after: Map<NodeProto, NodeProto[]>;
}

function force(
  model: OnnxModel,
  graph: GraphProto,
  gate: GateNodes,
  override: GateOverride,
  inserted: Inserted,
): void {
  const { name, groups, width, topK } = gate;
  const bias = new Float32Array(groups * width);
  for (const neuron of override.off) bias[neuron] = -FORCE;
  for (const neuron of override.on) bias[neuron] = FORCE;
  const natural = new Set(override.kept);
  const needed = Array.from({ length: groups }, (_, group) => {
    let count = 0;
    for (let neuron = group * width; neuron < (group + 1) * width; neuron++) {
      if (bias[neuron]! > 0 || (bias[neuron] === 0 && natural.has(neuron))) count++;
    }
    return count;
  });
  const kept = Math.max(1, ...needed);

  const scores = topK.input[0]!;
  const [values, indices] = topK.output as [string, string];
  graph.initializer.push(floatTensor(`${name}.forced.bias`, [groups, width], [...bias]));
  inserted.before.set(topK, [buildNode('Add', [scores, `${name}.forced.bias`], [`${name}.forced.scores`])]);
  topK.input[0] = `${name}.forced.scores`;
  topK.output[0] = `${name}.forced.values`;
  // In their order, so that what is too much of a group is at its end.
  const sorted = topK.attribute.find((attribute) => attribute.name === 'sorted');
  if (sorted) sorted.i = 1n;
  inserted.after.set(topK, [buildNode('GatherElements', [scores, indices], [values], { axis: -1 })]);
  setKept(gate, kept);
  if (needed.every((count) => count === kept)) return;
  const mask = needed.flatMap((count) => Array.from({ length: kept }, (_, i) => (i < count ? 1 : 0)));
  maskRows(model, graph, gate, mask, inserted);
}

/** Multiplies what is gathered of each neuron with 1 or 0. */
function maskRows(
  model: OnnxModel,
  graph: GraphProto,
  gate: GateNodes,
  mask: readonly number[],
  inserted: Inserted,
): void {
  for (const gather of gate.gathers) {
    const rank = rankOf(graph, gather.input[0] ?? '');
    if (rank === undefined) {
      throw new ProblemError({
        code: 'override.gate',
        subject: model.subject,
        title: `the rows that ${gate.name} keeps of ${gather.input[0] ?? ''} are not those of a weight`,
        hint: 'Export the student again with models/training',
      });
    }
    const axis = new Attributes(gather).int('axis', 0);
    const dims = Array.from({ length: rank }, (_, dim) => (dim === axis ? mask.length : 1));
    const own = `${gate.name}.forced.mask${dims.join('x')}`;
    if (!graph.initializer.some((tensor) => tensor.name === own)) {
      graph.initializer.push(floatTensor(own, dims, mask));
    }
    const output = gather.output[0]!;
    gather.output[0] = `${output}.open`;
    inserted.after.set(gather, [buildNode('Mul', [`${output}.open`, own], [output])]);
  }
}

/** Dimensions of a weight, also of one that is stored in another type. */
function rankOf(graph: GraphProto, name: string): number | undefined {
  const weight = graph.initializer.find((tensor) => tensor.name === name);
  if (weight) return weight.dims.length;
  const made = graph.node.find((node) => node.output.includes(name));
  return made && ['Cast', 'Identity'].includes(made.opType) ? rankOf(graph, made.input[0] ?? '') : undefined;
}

function checkNeurons(model: OnnxModel, { name, on, off, kept }: GateOverride, gate: GateNodes): void {
  const neurons = gate.groups * gate.width;
  const wrong = [...on, ...off, ...kept].find((neuron) => !(Number.isInteger(neuron) && neuron >= 0 && neuron < neurons)); // prettier-ignore
  if (wrong === undefined) return;
  throw new ProblemError({
    code: 'override.neuron',
    subject: model.subject,
    title: `${name} has no neuron ${wrong}`,
    hint: `Neurons are numbered 0 to ${neurons - 1}`,
  });
}

function noGate(model: OnnxModel, name: string, known: readonly string[]): ProblemError {
  return new ProblemError({
    code: 'override.noGate',
    subject: model.subject,
    title: `it has no gate ${name}`,
    hint: known.length > 0 ? `It has ${known.join(', ')}` : 'It has no gates: choose a student',
  });
}
