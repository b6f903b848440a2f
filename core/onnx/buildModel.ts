import { create, toBinary } from '@bufbuild/protobuf';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { dataTypes } from './dataType.ts';
import type { DeclaredDim } from './inputFacts.ts';
import type { OnnxModel } from './onnxModel.ts';
import {
  AttributeProto_AttributeType as AttributeTypes,
  AttributeProtoSchema,
  GraphProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  TensorProtoSchema,
  TypeProtoSchema,
  ValueInfoProtoSchema,
} from './proto/onnx.generated.ts';
import type {
  AttributeProto,
  FunctionProto,
  GraphProto,
  NodeProto,
  TensorProto,
  ValueInfoProto,
} from './proto/onnx.generated.ts';
import { readOnnx } from './readOnnx.ts';
import { elementCount } from './tensor.ts';

/** An attribute as a literal; a float is wrapped, because ONNX tells 1 from 1.0. */
export type AttributeLiteral =
  | number
  | readonly number[]
  | string
  | { float: number }
  | { floats: readonly number[] }
  | { tensor: TensorProto }
  | { graph: GraphProto }
  | { ref: string };

/** A node: `buildNode('Conv', ['x', 'w'], ['y'], { strides: [2, 2] })`. A domain is written as in `com.microsoft::Gelu`. */
export function buildNode(
  op: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: Readonly<Record<string, AttributeLiteral>> = {},
): NodeProto {
  const [opType, domain] = op.split('::').reverse();
  return create(NodeProtoSchema, {
    opType,
    ...(domain !== undefined && { domain }),
    name: `${opType}_${outputs[0] ?? ''}`,
    input: [...inputs],
    output: [...outputs],
    attribute: Object.entries(attributes).map(([name, value]) => buildAttribute(name, value)),
  });
}

function buildAttribute(name: string, value: AttributeLiteral): AttributeProto {
  const make = (init: Omit<MessageInitShape<typeof AttributeProtoSchema>, '$typeName'>) =>
    create(AttributeProtoSchema, { name, ...init });
  if (typeof value === 'number') return make({ type: AttributeTypes.INT, i: BigInt(value) });
  if (typeof value === 'string') return make({ type: AttributeTypes.STRING, s: asciiBytes(value) });
  if (isNumbers(value)) return make({ type: AttributeTypes.INTS, ints: value.map(BigInt) });
  if ('float' in value) return make({ type: AttributeTypes.FLOAT, f: value.float });
  if ('floats' in value) return make({ type: AttributeTypes.FLOATS, floats: [...value.floats] });
  if ('tensor' in value) return make({ type: AttributeTypes.TENSOR, t: value.tensor });
  if ('graph' in value) return make({ type: AttributeTypes.GRAPH, g: value.graph });
  return make({ type: AttributeTypes.INT, refAttrName: value.ref });
}

function isNumbers(value: AttributeLiteral): value is readonly number[] {
  return Array.isArray(value);
}

function asciiBytes(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** float32, of zeros unless values are given. */
export function floatTensor(name: string, dims: readonly number[], values?: readonly number[]): TensorProto {
  const data = values ? Float32Array.from(values) : new Float32Array(elementCount(dims));
  return rawTensor(name, dims, dataTypes.FLOAT, new Uint8Array(data.buffer));
}

/** int64 of one dimension, or a scalar where `values` is a number. */
export function intTensor(name: string, values: number | readonly number[]): TensorProto {
  const list = typeof values === 'number' ? [values] : values;
  return create(TensorProtoSchema, {
    name,
    dataType: dataTypes.INT64,
    dims: typeof values === 'number' ? [] : [BigInt(list.length)],
    int64Data: list.map(BigInt),
  });
}

/** Any type, from the bytes of raw_data. */
export function rawTensor(
  name: string,
  dims: readonly number[],
  dataType: number,
  rawData: Uint8Array<ArrayBuffer>,
): TensorProto {
  return create(TensorProtoSchema, { name, dataType, dims: dims.map(BigInt), rawData });
}

/** An input or output: numbers are fixed sizes, strings names of open ones. */
export function buildValue(
  name: string,
  dims: readonly DeclaredDim[],
  elemType: number = dataTypes.FLOAT,
): ValueInfoProto {
  const dim = dims.map((each) => ({
    value:
      typeof each === 'number'
        ? ({ case: 'dimValue', value: BigInt(each) } as const)
        : ({ case: 'dimParam', value: each } as const),
  }));
  return create(ValueInfoProtoSchema, {
    name,
    type: create(TypeProtoSchema, { tensorType: { elemType, shape: { dim } } }),
  });
}

export interface GraphParts {
  nodes: readonly NodeProto[];
  /** `pixel_values` [1, 3, height, width] unless given. */
  inputs?: readonly ValueInfoProto[];
  outputs?: readonly ValueInfoProto[];
  initializers?: readonly TensorProto[];
  valueInfo?: readonly ValueInfoProto[];
}

export function buildGraph(parts: GraphParts): GraphProto {
  return create(GraphProtoSchema, {
    name: 'graph',
    node: [...parts.nodes],
    input: [...(parts.inputs ?? [buildValue('pixel_values', [1, 3, 'height', 'width'])])],
    output: [...(parts.outputs ?? [])],
    initializer: [...(parts.initializers ?? [])],
    valueInfo: [...(parts.valueInfo ?? [])],
  });
}

export interface ModelParts extends GraphParts {
  functions?: readonly FunctionProto[];
  opset?: number;
}

/** The bytes of an ONNX file. */
export function buildOnnxBytes(parts: ModelParts): Uint8Array<ArrayBuffer> {
  const model = create(ModelProtoSchema, {
    irVersion: 8n,
    producerName: 'dynaseg',
    opsetImport: [{ version: BigInt(parts.opset ?? 17) }],
    graph: buildGraph(parts),
    functions: [...(parts.functions ?? [])],
  });
  return toBinary(ModelProtoSchema, model);
}

/** A model made of literals and read back from its bytes. */
export function buildModel(parts: ModelParts): OnnxModel {
  return readOnnx(buildOnnxBytes(parts), 'model.onnx');
}
