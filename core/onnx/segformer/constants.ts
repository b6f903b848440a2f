import { Attributes } from '../attributes.ts';
import { dataTypes } from '../dataType.ts';
import { dimAt, stridesOf } from '../operators/dims.ts';
import type { OnnxModel } from '../onnxModel.ts';
import type { NodeProto, TensorProto } from '../proto/onnx.generated.ts';
import type { GraphFacts } from '../shapes.ts';
import { readTensor, tensorShape } from '../tensor.ts';
import { allRows } from './expression.ts';
import type { ConstantValue } from './expression.ts';
import type { Weight } from './segformerGraph.ts';

const { FLOAT, FLOAT16, BFLOAT16, DOUBLE, INT32, INT64 } = dataTypes;
const readableTypes: readonly number[] = [FLOAT, FLOAT16, BFLOAT16, DOUBLE, INT32, INT64];

/** Operators that a constant may pass through on its way to the operator that computes with it. */
const passing = new Set([
  'Identity',
  'Cast',
  'DequantizeLinear',
  'Reshape',
  'Flatten',
  'Squeeze',
  'Unsqueeze',
  'Transpose',
]);

/** The constants of a graph by name: initializers, Constant nodes, and what is only copied or rearranged of them. */
export class Constants {
  readonly #model: OnnxModel;
  readonly #facts: GraphFacts;
  readonly #tensors = new Map<string, TensorProto>();
  readonly #producers = new Map<string, NodeProto>();
  readonly #read = new Map<string, ConstantValue | undefined>();

  constructor(model: OnnxModel, facts: GraphFacts) {
    this.#model = model;
    this.#facts = facts;
    for (const tensor of model.proto.graph?.initializer ?? []) this.#tensors.set(tensor.name, tensor);
    for (const node of model.proto.graph?.node ?? []) {
      const name = node.output[0] ?? '';
      const value = node.opType === 'Constant' ? new Attributes(node).tensor('value') : undefined;
      if (value) this.#tensors.set(name, value);
      else if (passing.has(node.opType)) this.#producers.set(name, node);
    }
  }

  /** float32 [...]; undefined where the tensor is not a constant, or no number. */
  find(name: string): ConstantValue | undefined {
    if (name === '') return undefined;
    if (!this.#read.has(name)) {
      // Against a graph whose copies go round in circles.
      this.#read.set(name, undefined);
      const tensor = this.#compute(name);
      this.#read.set(name, tensor && { kind: 'constant', tensor, rows: allRows });
    }
    return this.#read.get(name);
  }

  #compute(name: string): Weight | undefined {
    const stored = this.#tensors.get(name);
    if (stored) return this.#stored(stored);
    const fact = this.#facts.values.get(name);
    if (fact?.values) return { dims: fact.shape, data: Float32Array.from(fact.values) };
    const node = this.#producers.get(name);
    if (node?.opType === 'DequantizeLinear') return this.#dequantised(node);
    const input = node && this.find(node.input[0] ?? '')?.tensor;
    if (!node || !input || !fact) return undefined;
    if (node.opType !== 'Transpose') return { ...input, dims: fact.shape };
    const order = new Attributes(node).ints('perm') ?? input.dims.map((_, d) => input.dims.length - 1 - d);
    return transposeWeight(input, order);
  }

  /** Weights stored in 8 bits; with a zero point, or in blocks, they are of no matrix that the studio writes. */
  #dequantised(node: NodeProto): Weight | undefined {
    const stored = this.#tensors.get(node.input[0] ?? '');
    const scales = this.find(node.input[1] ?? '')?.tensor.data;
    const hasZeroPoint = (node.input[2] ?? '') !== '';
    if (stored?.dataType !== dataTypes.INT8 || !scales || hasZeroPoint) return undefined;
    const dims = tensorShape(this.#model, stored);
    const [rows = 0, columns = 0] = dims;
    const axis = new Attributes(node).int('axis', 1);
    const values = readTensor(this.#model, stored);
    if (dims.length !== 2 || (axis !== 0 && axis !== 1) || !values) return undefined;
    if (scales.length !== (axis === 0 ? rows : columns)) return undefined;
    const data = Float32Array.from(
      values,
      (value, i) => value * scales[axis === 0 ? Math.floor(i / columns) : i % columns]!,
    );
    return { dims, data, int8: true };
  }

  #stored(tensor: TensorProto): Weight | undefined {
    if (!readableTypes.includes(tensor.dataType)) return undefined;
    const data = readTensor(this.#model, tensor);
    if (!data) return undefined;
    const dims = tensorShape(this.#model, tensor);
    return { dims, data: data instanceof Float32Array ? data : Float32Array.from(data) };
  }
}

/** The same weight with its dimensions in another order. */
export function transposeWeight({ dims, data, int8 }: Weight, order: readonly number[]): Weight {
  const strides = stridesOf(dims);
  const outDims = order.map((d) => dimAt(dims, d));
  const outStrides = order.map((d) => dimAt(strides, d));
  const out = new Float32Array(data.length);
  const index = outDims.map(() => 0);
  let from = 0;
  for (let to = 0; to < out.length; to++) {
    out[to] = data[from]!;
    for (let d = outDims.length - 1; d >= 0; d--) {
      index[d] = index[d]! + 1;
      from += outStrides[d]!;
      if (index[d]! < outDims[d]!) break;
      from -= outStrides[d]! * outDims[d]!;
      index[d] = 0;
    }
  }
  return { dims: outDims, data: out, ...(int8 && { int8 }) };
}
