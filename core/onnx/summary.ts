import { dataTypeName, isSmallInteger } from './dataType.ts';
import { declaredShape, requiredInputs } from './inputFacts.ts';
import type { DeclaredDim } from './inputFacts.ts';
import { normaliseDomain } from './onnxModel.ts';
import type { OnnxModel } from './onnxModel.ts';
import type { ValueInfoProto } from './proto/onnx.generated.ts';
import type { GraphFacts } from './shapes.ts';
import { elementCount } from './tensor.ts';

/** An input or output as the file declares it. */
export interface TensorSummary {
  readonly name: string;
  /** `float32`, `int64`, ... */
  readonly type: string;
  /** Sizes, names of sizes, '' for a nameless unknown; undefined where the file says no shape. */
  readonly shape: readonly DeclaredDim[] | undefined;
}

/** A TopK: in a student the gate of a layer, which says the neurons that it keeps. */
export interface GateSummary {
  /** The tensor with the kept indices; the output's name where the model gives it. */
  readonly name: string;
  /** How many entries it keeps, over all heads; undefined where that is not known. */
  readonly kept: number | undefined;
  /** Of how many. */
  readonly neurons: number | undefined;
  /** True where the indices are an output of the model. */
  readonly exposed: boolean;
}

/** What an ONNX file is, at a glance. */
export interface OnnxSummary {
  readonly irVersion: number;
  /** Of ONNX's own domain; undefined where the model uses none of its operators. */
  readonly opset: number | undefined;
  /** `pytorch 2.13.0`; '' where the file does not say. */
  readonly producer: string;
  readonly customDomains: readonly string[];
  readonly inputs: readonly TensorSummary[];
  readonly outputs: readonly TensorSummary[];
  /** Nodes of the main graph by operator, most frequent first. */
  readonly operators: readonly { readonly op: string; readonly count: number }[];
  /** True where weights are stored in 8 bits or fewer, or integer products are computed. */
  readonly quantised: boolean;
  readonly gates: readonly GateSummary[];
}

/**
 * Describes a model without running it.
 *
 * @param facts its shapes at some input size, for the gates' numbers of neurons
 */
export function summariseOnnx(model: OnnxModel, facts?: GraphFacts): OnnxSummary {
  const { proto } = model;
  const graph = proto.graph;
  const counts = new Map<string, number>();
  for (const node of graph?.node ?? []) {
    const domain = normaliseDomain(node.domain);
    const op = domain === '' ? node.opType : `${domain}::${node.opType}`;
    counts.set(op, (counts.get(op) ?? 0) + 1);
  }
  return {
    irVersion: model.irVersion,
    opset: model.opsets.get(''),
    producer: `${proto.producerName} ${proto.producerVersion}`.trim(),
    customDomains: model.customDomains,
    inputs: requiredInputs(model).map(summariseTensor),
    outputs: graph?.output.map(summariseTensor) ?? [],
    operators: [...counts]
      .map(([op, count]) => ({ op, count }))
      .sort((a, b) => b.count - a.count || (a.op < b.op ? -1 : 1)),
    quantised: isQuantised(model, counts),
    gates: findGates(model, facts),
  };
}

function summariseTensor(info: ValueInfoProto): TensorSummary {
  return {
    name: info.name,
    type: dataTypeName(info.type?.tensorType?.elemType ?? 0),
    shape: declaredShape(info.type),
  };
}

function isQuantised(model: OnnxModel, counts: ReadonlyMap<string, number>): boolean {
  const products = ['MatMulInteger', 'ConvInteger', 'QLinearConv', 'QLinearMatMul', 'DequantizeLinear'];
  const fused = ['DynamicQuantizeMatMul', 'MatMulIntegerToFloat', 'MatMulNBits'];
  return (
    [...products, ...fused.map((name) => `com.microsoft::${name}`)].some((op) => counts.has(op)) ||
    (model.proto.graph?.initializer.some(
      (tensor) => isSmallInteger(tensor.dataType) && tensor.dims.length >= 2,
    ) ??
      false)
  );
}

/** What exporters do to kept indices on their way out: rename, reshape, cast, count from the first of the head. */
const indexOperators = new Set(['Add', 'Cast', 'Flatten', 'Identity', 'Reshape', 'Squeeze', 'Unsqueeze']);

function findGates(model: OnnxModel, facts: GraphFacts | undefined): GateSummary[] {
  const graph = model.proto.graph;
  const outputs = new Set(graph?.output.map((output) => output.name));
  const consumers = new Map<string, string[]>();
  for (const node of graph?.node ?? []) {
    if (!indexOperators.has(node.opType)) continue;
    const from = node.input[0] ?? '';
    consumers.set(from, [...(consumers.get(from) ?? []), node.output[0] ?? '']);
  }
  return (graph?.node ?? []).flatMap((node) => {
    if (node.opType !== 'TopK' || normaliseDomain(node.domain) !== '') return [];
    const indices = node.output[1] ?? '';
    const names = withCopies(indices, consumers);
    const exposed = names.find((name) => outputs.has(name));
    const elements = (name: string) => {
      const fact = facts?.values.get(name);
      return fact && elementCount(fact.shape);
    };
    return [
      {
        name: exposed ?? indices,
        kept: elements(indices),
        neurons: elements(node.input[0] ?? ''),
        exposed: exposed !== undefined,
      },
    ];
  });
}

/** A tensor's name and those of its copies under another name, shape or type. */
function withCopies(name: string, copies: ReadonlyMap<string, readonly string[]>): string[] {
  const found = [name];
  for (const each of found) {
    for (const copy of copies.get(each) ?? []) if (!found.includes(copy)) found.push(copy);
  }
  return found;
}
