import { ProblemError } from '../problem.ts';
import type { OnnxModel } from './onnxModel.ts';
import { TensorProto_DataLocation } from './proto/onnx.generated.ts';
import type { GraphProto, NodeProto, TensorProto } from './proto/onnx.generated.ts';

/** Where the bytes of one tensor are, in a file beside the model. */
export interface ExternalLocation {
  /** Relative to the model's folder. */
  readonly file: string;
  /** In bytes. */
  readonly offset: number;
  /** In bytes; undefined: to the end of the file. */
  readonly length: number | undefined;
}

/** Undefined for a tensor whose values are in the model itself. */
export function externalLocation(tensor: TensorProto): ExternalLocation | undefined {
  if (tensor.dataLocation !== TensorProto_DataLocation.EXTERNAL) return undefined;
  const entries = new Map(tensor.externalData.map((entry) => [entry.key, entry.value]));
  const length = entries.get('length');
  return {
    file: entries.get('location') ?? '',
    offset: Number(entries.get('offset') ?? 0),
    length: length === undefined ? undefined : Number(length),
  };
}

/** Files beside the model that its tensors name, sorted, each once. */
export function externalFileNames(model: OnnxModel): string[] {
  const names = new Set<string>();
  for (const tensor of allTensors(model)) {
    const location = externalLocation(tensor);
    if (location) names.add(location.file);
  }
  return [...names].sort();
}

/** Those of externalFileNames that the model was not given. */
export function missingExternalFiles(model: OnnxModel): string[] {
  return externalFileNames(model).filter((name) => !model.externalFiles.has(name));
}

/**
 * The bytes of a tensor of external data, undefined where its file was not given.
 *
 * @throws ProblemError `onnx.externalData` where the file is too short or the location is not a range
 */
export function externalBytes(model: OnnxModel, location: ExternalLocation): Uint8Array | undefined {
  const bytes = model.externalFiles.get(location.file);
  if (bytes === undefined) return undefined;
  const end = location.length === undefined ? bytes.length : location.offset + location.length;
  if (!(location.offset >= 0 && location.offset <= end && end <= bytes.length)) {
    throw new ProblemError({
      code: 'onnx.externalData',
      subject: model.subject,
      title: `${location.file} has ${bytes.length} bytes, the model reads bytes ${location.offset} to ${end} of it`,
      hint: 'Take both files from the same export',
    });
  }
  return bytes.subarray(location.offset, end);
}

function* allTensors(model: OnnxModel): Generator<TensorProto> {
  if (model.proto.graph) yield* graphTensors(model.proto.graph);
  for (const f of model.proto.functions) yield* nodeTensors(f.node);
}

function* graphTensors(graph: GraphProto): Generator<TensorProto> {
  yield* graph.initializer;
  yield* nodeTensors(graph.node);
}

function* nodeTensors(nodes: readonly NodeProto[]): Generator<TensorProto> {
  for (const node of nodes) {
    for (const attribute of node.attribute) {
      if (attribute.t) yield attribute.t;
      yield* attribute.tensors;
      if (attribute.g) yield* graphTensors(attribute.g);
      for (const graph of attribute.graphs) yield* graphTensors(graph);
    }
  }
}
