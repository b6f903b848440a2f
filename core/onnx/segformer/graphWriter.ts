import { create } from '@bufbuild/protobuf';
import { buildGraph, buildNode, rawTensor } from '../buildModel.ts';
import type { AttributeLiteral } from '../buildModel.ts';
import { dataTypes } from '../dataType.ts';
import { numberToFloat16 } from '../float16.ts';
import type { OnnxModel } from '../onnxModel.ts';
import { ModelProtoSchema, OperatorSetIdProtoSchema } from '../proto/onnx.generated.ts';
import type { NodeProto, TensorProto, ValueInfoProto } from '../proto/onnx.generated.ts';
import { elementCount } from '../tensor.ts';
import { quantiseRows, transposedInt8 } from '../int8.ts';
import { transposed } from './algebra.ts';

/** LayerNormalization is an operator since 17, Gelu since 20. */
const opset = 20n;
const irVersion = 9;

export interface WriterOptions {
  readonly storage: 'float32' | 'float16' | 'int8';
}

/** Collects nodes and constants. A node's output is called what the node is. */
export class GraphWriter {
  readonly #nodes: NodeProto[] = [];
  readonly #constants = new Map<string, TensorProto>();
  readonly #outputs: ValueInfoProto[] = [];
  readonly #options: WriterOptions;

  constructor(options: WriterOptions) {
    this.#options = options;
  }

  /** Appends a node of one output. */
  node(
    op: string,
    inputs: readonly string[],
    name: string,
    attributes: Readonly<Record<string, AttributeLiteral>> = {},
  ): string {
    this.#append(op, inputs, [name], name, attributes);
    return name;
  }

  /** Appends a node of several outputs: `name.0`, `name.1`, ... */
  nodeOf(
    count: number,
    op: string,
    inputs: readonly string[],
    name: string,
    attributes: Readonly<Record<string, AttributeLiteral>> = {},
  ): readonly string[] {
    const outputs = Array.from({ length: count }, (_, i) => `${name}.${i}`);
    this.#append(op, inputs, outputs, name, attributes);
    return outputs;
  }

  #append(
    op: string,
    inputs: readonly string[],
    outputs: readonly string[],
    name: string,
    attributes: Readonly<Record<string, AttributeLiteral>>,
  ): void {
    const node = buildNode(op, inputs, outputs, attributes);
    node.name = name;
    this.#nodes.push(node);
  }

  /**
   * A weight of floats, stored as the options say; in float16 with a Cast that runs once, when a session is made.
   *
   * @param grid of a matrix on a grid of 8 bits, what its steps differ by: `rows` or `columns`
   */
  weight(
    name: string,
    dims: readonly number[],
    data: Float32Array,
    grid: 'rows' | 'columns' | null = null,
  ): string {
    if (data.length !== elementCount(dims)) {
      throw new Error(`weight ${name} of ${dims.join('x')} has ${data.length} values`);
    }
    if (grid !== null && this.#options.storage === 'int8') return this.#dequantised(name, dims, data, grid);
    if (this.#options.storage === 'float32') {
      if (!this.#constants.has(name)) {
        const bytes = new Uint8Array(Float32Array.from(data).buffer);
        this.#constants.set(name, rawTensor(name, dims, dataTypes.FLOAT, bytes));
      }
      return name;
    }
    const stored = `${name}.f16`;
    if (!this.#constants.has(stored)) {
      const bytes = new Uint8Array(Uint16Array.from(data, numberToFloat16).buffer);
      this.#constants.set(stored, rawTensor(stored, dims, dataTypes.FLOAT16, bytes));
      this.node('Cast', [stored], name, { to: dataTypes.FLOAT });
    }
    return name;
  }

  #dequantised(name: string, dims: readonly number[], data: Float32Array, grid: 'rows' | 'columns'): string {
    const [first = 0, second = 0] = dims;
    const matrix = { dims, data };
    const { values, scales } = quantiseRows(grid === 'rows' ? matrix : transposed(matrix));
    const stored = grid === 'rows' ? values : transposedInt8(values, second);
    const axis = grid === 'rows' ? 0 : 1;
    const inputs = [
      this.int8(`${name}.i8`, [first, second], stored),
      this.float(`${name}.scale`, [scales.length], Array.from(scales)),
    ];
    return this.node('DequantizeLinear', inputs, name, { axis });
  }

  /** A constant of 8-bit integers. */
  int8(name: string, dims: readonly number[], values: Int8Array<ArrayBuffer>): string {
    this.#constants.set(name, rawTensor(name, dims, dataTypes.INT8, new Uint8Array(values.buffer)));
    return name;
  }

  /** The same without a sign. */
  uint8(name: string, dims: readonly number[], values: Uint8Array<ArrayBuffer>): string {
    this.#constants.set(name, rawTensor(name, dims, dataTypes.UINT8, values));
    return name;
  }

  /** A float32 constant, whatever weights are stored as. */
  float(name: string, dims: readonly number[], data: readonly number[]): string {
    if (!this.#constants.has(name)) {
      const bytes = new Uint8Array(Float32Array.from(data).buffer);
      this.#constants.set(name, rawTensor(name, dims, dataTypes.FLOAT, bytes));
    }
    return name;
  }

  /** An int64 vector of its own name, to be edited in the file. */
  namedInts(name: string, values: readonly number[]): string {
    const bytes = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
    this.#constants.set(name, rawTensor(name, [values.length], dataTypes.INT64, bytes));
    return name;
  }

  /** An int64 vector, shared by value. */
  ints(...values: readonly number[]): string {
    const name = `int64_${values.join('_').replaceAll('-', 'm')}`;
    return this.#constants.has(name) ? name : this.namedInts(name, values);
  }

  output(value: ValueInfoProto): void {
    this.#outputs.push(value);
  }

  /** @param first the output that is listed first */
  model(
    input: ValueInfoProto | readonly ValueInfoProto[],
    subject: string,
    name: string,
    first: string,
  ): OnnxModel {
    const outputs = [...this.#outputs].sort((a, b) => Number(b.name === first) - Number(a.name === first));
    const graph = buildGraph({
      nodes: this.#nodes,
      inputs: [input].flat(),
      outputs,
      initializers: [...this.#constants.values()],
    });
    graph.name = name;
    const domains = new Set(this.#nodes.map((node) => node.domain));
    domains.add('');
    const proto = create(ModelProtoSchema, {
      irVersion: BigInt(irVersion),
      producerName: 'dynaseg',
      opsetImport: [...domains].map((domain) =>
        create(OperatorSetIdProtoSchema, { domain, version: domain === '' ? opset : 1n }),
      ),
      graph,
    });
    return {
      proto,
      subject,
      irVersion,
      opsets: new Map(proto.opsetImport.map((each) => [each.domain, Number(each.version)])),
      customDomains: [...domains].filter((domain) => domain !== '').sort(),
      externalFiles: new Map(),
    };
  }
}
