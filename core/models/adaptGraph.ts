import { freeName } from '../freeName.ts';
import { buildNode, buildValue, floatTensor, rawTensor, type AttributeLiteral } from '../onnx/buildModel.ts';
import { dataTypeName, dataTypes, isFloat } from '../onnx/dataType.ts';
import { declaredShape, requiredInputs } from '../onnx/inputFacts.ts';
import type { OnnxModel } from '../onnx/onnxModel.ts';
import { copyForChanges } from './copyForChanges.ts';
import type { GraphProto, NodeProto, TensorProto } from '../onnx/proto/onnx.generated.ts';
import { ProblemError } from '../problem.ts';
import type { ModelMapping } from './modelMapping.ts';
import { renameValue, valueNames } from './renameValue.ts';

/** What every graph that the studio runs is called at its ends. */
const STUDIO_INPUT = 'pixel_values';
const STUDIO_OUTPUT = 'logits';

/** The logit of the class that a class map names; the others have 0. Its softmax is 1 to four digits. */
const CERTAIN = 16;
/** Probabilities below are as this: their logarithm stays a number. */
const LEAST_PROBABILITY = 1e-7;

/**
 * Brings a graph into the studio's form: pixel_values float32 [1, 3, height, width] in, logits float32
 * [1, classes, h, w] out. Nodes that transpose, cast and translate are put before and behind it; nothing within
 * changes. Outputs of floats beside the chosen one are left out: nobody would read them.
 *
 * @returns a changed copy, or null where the graph has that form already
 * @throws ProblemError `model.mapping` for names that the graph does not have
 */
export function adaptGraph(model: OnnxModel, mapping: ModelMapping): OnnxModel | null {
  if (hasStudioForm(model, mapping)) return null;
  const adapted = copyForChanges(model);
  const { graph } = adapted.proto;
  if (!graph) return null;
  const writer = new EndWriter(graph, model.opsets.get('') ?? 17);
  adaptInput(adapted, graph, mapping.input, writer);
  adaptOutput(model, graph, mapping, writer);
  graph.node = [...writer.before, ...graph.node, ...writer.behind];
  graph.initializer.push(...writer.constants);
  return adapted;
}

/**
 * The same for the input alone: what shapes are inferred in.
 *
 * @throws ProblemError `model.mapping`
 */
export function adaptInputOnly(model: OnnxModel, input: ModelMapping['input']): OnnxModel {
  const adapted = copyForChanges(model);
  const { graph } = adapted.proto;
  if (!graph) return adapted;
  const writer = new EndWriter(graph, model.opsets.get('') ?? 17);
  adaptInput(adapted, graph, input, writer);
  graph.node.unshift(...writer.before);
  graph.initializer.push(...writer.constants);
  return adapted;
}

function hasStudioForm(model: OnnxModel, mapping: ModelMapping): boolean {
  const { graph } = model.proto;
  const typeOf = (
    infos: readonly { name: string; type?: { tensorType?: { elemType: number } } }[],
    name: string,
  ) => infos.find((info) => info.name === name)?.type?.tensorType?.elemType;
  return (
    isStudioMapping(mapping) &&
    typeOf(graph?.input ?? [], STUDIO_INPUT) === dataTypes.FLOAT &&
    typeOf(graph?.output ?? [], STUDIO_OUTPUT) === dataTypes.FLOAT
  );
}

/** True where the graph has the input and output that the studio runs, but for their number types. */
export function isStudioMapping({ input, output }: ModelMapping): boolean {
  return (
    input.name === STUDIO_INPUT &&
    input.layout === 'NCHW' &&
    input.colours === 'rgb' &&
    output.name === STUDIO_OUTPUT &&
    output.layout === 'NCHW' &&
    output.meaning === 'logits'
  );
}

/** Collects nodes at both ends of a graph; operators that changed between operator sets in the model's own way. */
class EndWriter {
  readonly before: NodeProto[] = [];
  readonly behind: NodeProto[] = [];
  readonly constants: TensorProto[] = [];
  private readonly names: Set<string>;

  constructor(
    graph: GraphProto,
    private readonly opset: number,
  ) {
    this.names = valueNames(graph);
  }

  fresh(name: string): string {
    const own = `studio.${name}`;
    const free = freeName(
      own,
      (number) => `${own}.${number}`,
      (other) => this.names.has(other),
    );
    this.names.add(free);
    return free;
  }

  node(
    to: NodeProto[],
    op: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, AttributeLiteral>> = {},
  ): string {
    const out = this.fresh(op.toLowerCase());
    to.push(buildNode(op, inputs, [out], attributes));
    return out;
  }

  floats(dims: readonly number[], values: readonly number[]): string {
    const name = this.fresh('constant');
    this.constants.push(floatTensor(name, dims, values));
    return name;
  }

  ints(dims: readonly number[], values: readonly number[]): string {
    const name = this.fresh('constant');
    const bytes = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
    this.constants.push(rawTensor(name, dims, dataTypes.INT64, bytes));
    return name;
  }

  /** Squeeze and Unsqueeze take their axes as an input since operator set 13. */
  axis(to: NodeProto[], op: 'Squeeze' | 'Unsqueeze', input: string, axis: number): string {
    if (this.opset < 13) return this.node(to, op, [input], { axes: [axis] });
    return this.node(to, op, [input, this.ints([1], [axis])]);
  }
}

function adaptInput(
  model: OnnxModel,
  graph: GraphProto,
  mapping: ModelMapping['input'],
  writer: EndWriter,
): void {
  const info = requiredInputs(model).find(({ name }) => name === mapping.name);
  if (!info) throw noSuch(model, 'input', mapping.name, requiredInputs(model));
  const type = info.type?.tensorType?.elemType ?? dataTypes.FLOAT;
  const dims = declaredShape(info.type) ?? [];
  const at = { NCHW: [2, 3], NHWC: [1, 2], CHW: [1, 2], HWC: [0, 1] }[mapping.layout];
  const side = (index: number, name: string) => {
    const dim = dims[at[index]!];
    return typeof dim === 'number' ? dim : name;
  };
  const size = [side(0, 'height'), side(1, 'width')];
  const own = writer.fresh('input');
  renameValue(graph, mapping.name, own);
  if (valueNames(graph).has(STUDIO_INPUT)) renameValue(graph, STUDIO_INPUT, writer.fresh('own'));
  graph.input = graph.input.filter(({ name }) => name !== own);
  graph.input.unshift(buildValue(STUDIO_INPUT, [1, 3, ...size]));

  const { before } = writer;
  let value = STUDIO_INPUT;
  if (mapping.colours === 'bgr') {
    value = writer.node(before, 'Gather', [value, writer.ints([3], [2, 1, 0])], { axis: 1 });
  }
  if (mapping.layout === 'NHWC') value = writer.node(before, 'Transpose', [value], { perm: [0, 2, 3, 1] });
  if (mapping.layout === 'CHW' || mapping.layout === 'HWC') value = writer.axis(before, 'Squeeze', value, 0);
  if (mapping.layout === 'HWC') value = writer.node(before, 'Transpose', [value], { perm: [1, 2, 0] });
  if (type === dataTypes.FLOAT) before.push(buildNode('Identity', [value], [own]));
  else before.push(buildNode('Cast', [value], [own], { to: type }));
}

function adaptOutput(model: OnnxModel, graph: GraphProto, mapping: ModelMapping, writer: EndWriter): void {
  const { layout, meaning } = mapping.output;
  const index = (model.proto.graph?.output ?? []).findIndex(({ name }) => name === mapping.output.name);
  const info = graph.output[index];
  if (!info) throw noSuch(model, 'output', mapping.output.name, model.proto.graph?.output ?? []);
  const type = info.type?.tensorType?.elemType ?? dataTypes.FLOAT;
  if (valueNames(graph).has(STUDIO_OUTPUT)) renameValue(graph, STUDIO_OUTPUT, writer.fresh('own'));
  // An output may be a value that nodes of the graph read on: it keeps its name there.
  let value = info.name;
  // Gates say their kept neurons in integers; other outputs of floats would only be copied.
  graph.output = graph.output.filter(
    (output) => output !== info && !isFloat(output.type?.tensorType?.elemType ?? dataTypes.FLOAT),
  );
  const { behind } = writer;
  if (meaning === 'classMap') value = mapToLogits(writer, value, mapping);
  else {
    if (type !== dataTypes.FLOAT) value = writer.node(behind, 'Cast', [value], { to: dataTypes.FLOAT });
    value = withChannels(writer, value, layout);
    value = asLogits(writer, value, meaning);
  }
  behind.push(buildNode('Identity', [value], [STUDIO_OUTPUT]));
  const classes = meaning === 'binaryLogit' || meaning === 'binaryProbability' ? 2 : mapping.classes;
  graph.output.unshift(buildValue(STUDIO_OUTPUT, [1, classes, 'out_height', 'out_width']));
}

/** Any layout as [1, channels, h, w]. */
function withChannels(writer: EndWriter, value: string, layout: ModelMapping['output']['layout']): string {
  const { behind } = writer;
  switch (layout) {
    case 'NCHW':
      return value;
    case 'NHWC':
      return writer.node(behind, 'Transpose', [value], { perm: [0, 3, 1, 2] });
    case 'CHW':
      return writer.axis(behind, 'Unsqueeze', value, 0);
    case 'HWC':
      return writer.axis(
        behind,
        'Unsqueeze',
        writer.node(behind, 'Transpose', [value], { perm: [2, 0, 1] }),
        0,
      );
    case 'NHW':
      return writer.axis(behind, 'Unsqueeze', value, 1);
    case 'HW':
      return writer.axis(behind, 'Unsqueeze', writer.axis(behind, 'Unsqueeze', value, 0), 0);
  }
}

/** A map of ids: CERTAIN at the class that it names, 0 elsewhere; an id that is no class has 0 everywhere. */
function mapToLogits(writer: EndWriter, value: string, { output, classes }: ModelMapping): string {
  const { behind } = writer;
  const ids = withChannels(
    writer,
    writer.node(behind, 'Cast', [value], { to: dataTypes.INT64 }),
    output.layout,
  );
  const every = writer.ints(
    [1, classes, 1, 1],
    Array.from({ length: classes }, (_, id) => id),
  );
  const isClass = writer.node(behind, 'Equal', [ids, every]);
  const ones = writer.node(behind, 'Cast', [isClass], { to: dataTypes.FLOAT });
  return writer.node(behind, 'Mul', [ones, writer.floats([], [CERTAIN])]);
}

function asLogits(writer: EndWriter, value: string, meaning: ModelMapping['output']['meaning']): string {
  const { behind } = writer;
  const logOf = (probabilities: string) =>
    writer.node(behind, 'Log', [
      writer.node(behind, 'Max', [probabilities, writer.floats([], [LEAST_PROBABILITY])]),
    ]);
  switch (meaning) {
    case 'logits':
    case 'classMap':
      return value;
    case 'probabilities':
      return logOf(value);
    case 'binaryLogit': {
      const zeros = writer.node(behind, 'Mul', [value, writer.floats([], [0])]);
      return writer.node(behind, 'Concat', [zeros, value], { axis: 1 });
    }
    case 'binaryProbability': {
      const other = writer.node(behind, 'Sub', [writer.floats([], [1]), value]);
      return logOf(writer.node(behind, 'Concat', [other, value], { axis: 1 }));
    }
  }
}

function noSuch(
  model: OnnxModel,
  what: 'input' | 'output',
  name: string,
  have: readonly { readonly name: string; readonly type?: { tensorType?: { elemType: number } } }[],
): ProblemError {
  const names = have.map((info) => `${info.name} (${dataTypeName(info.type?.tensorType?.elemType ?? 0)})`);
  return new ProblemError({
    code: 'model.mapping',
    subject: model.subject,
    title: `it has no ${what} "${name}"`,
    hint: `It has ${names.join(', ') || 'none'}`,
  });
}
