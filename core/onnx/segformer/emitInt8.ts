import { dataTypes } from '../dataType.ts';
import { quantiseRows, transposedInt8 } from '../int8.ts';
import type { Rewrites } from './emitOptions.ts';
import type { GraphWriter } from './graphWriter.ts';
import type { Linear, Weight } from './segformerGraph.ts';

/*
 * Products in 8-bit integers: weights on a grid per output, known beforehand, times maps on a grid of 256 steps that is
 * found for each image. Sums are exact, in 32 bits.
 */

/** Of the emitter's context, what is needed here. */
export interface Int8Context {
  readonly writer: GraphWriter;
  readonly rewrites: Pick<Rewrites, 'gemm' | 'int8Products'>;
}

/** Neurons that a gate kept: outputs or inputs of the layer. */
export interface KeptNeurons {
  readonly of: 'outputs' | 'inputs';
  /** int64 [K] */
  readonly indices: string;
}

/** Whether a layer is to be computed in integers. */
export function isInt8({ rewrites }: Int8Context, weight: Weight): boolean {
  return rewrites.int8Products && rewrites.gemm && weight.int8 === true;
}

/** Tokens [N, in] to [N, out], or to and from the kept ones. */
export function emitInt8Linear(
  context: Int8Context,
  x: string,
  name: string,
  { weight, bias }: Linear,
  kept: KeptNeurons | null = null,
): string {
  const { writer } = context;
  const [out = 0] = weight.dims;
  const { values, scales } = quantiseRows(weight);
  const inputs = values.length / Math.max(1, out);
  const gathered = (tensor: string, axis: 0 | 1) =>
    kept ? writer.node('Gather', [tensor, kept.indices], `${tensor}.kept`, { axis }) : tensor;
  const perOutput = (tensor: string) => (kept?.of === 'outputs' ? gathered(tensor, 0) : tensor);
  const matrix = writer.int8(`${name}.weight.i8`, [inputs, out], transposedInt8(values, out));
  const scale = writer.float(`${name}.weight.scale`, [out], Array.from(scales));
  const vector = bias && perOutput(writer.weight(`${name}.bias`, [out], bias));
  return writer.node(
    'com.microsoft::DynamicQuantizeMatMul',
    [
      x,
      gathered(matrix, kept?.of === 'outputs' ? 1 : 0),
      perOutput(scale),
      ...(vector === null ? [] : ['', vector]),
    ],
    `${name}.out`,
  );
}

/** W times a map [in, N], the weights first: [out, N], not yet scaled. */
export interface Int8Product {
  /** float32 [out, N], whole numbers. */
  readonly sums: string;
  /** float32 [out]: what each row is to be multiplied with. */
  readonly scales: string;
}

/** @param map float32 [in, N], or its transpose where `transposed` */
export function emitInt8Product(
  context: Int8Context,
  map: string,
  name: string,
  weight: Weight,
  options: { readonly transposed: boolean; readonly kept: KeptNeurons | null },
): Int8Product {
  const { writer } = context;
  const { kept } = options;
  const [out = 0, inputs = 0] = weight.dims;
  const { values, scales } = quantiseRows(weight);
  const [quantised = '', scale = '', zero = ''] = writer.nodeOf(3, 'DynamicQuantizeLinear', [map], `${name}.quantised`); // prettier-ignore
  const right = options.transposed
    ? writer.node('Transpose', [quantised], `${name}.quantised.columns`, { perm: [1, 0] })
    : quantised;
  const gathered = (tensor: string, axis: 0 | 1) =>
    kept ? writer.node('Gather', [tensor, kept.indices], `${tensor}.kept`, { axis }) : tensor;
  // Without a sign, 128 in the middle: onnxruntime's fast kernels want the first matrix so.
  const matrix = writer.uint8(`${name}.weight.u8`, [out, inputs], Uint8Array.from(values, (value) => value + 128)); // prettier-ignore
  const left = gathered(matrix, kept?.of === 'inputs' ? 1 : 0);
  const middle = writer.uint8('uint8_middle', [], Uint8Array.of(128));
  const product = writer.node('MatMulInteger', [left, right, middle, zero], `${name}.product`);
  const sums = writer.node('Cast', [product], `${name}.sums`, { to: dataTypes.FLOAT });
  const steps = writer.float(`${name}.weight.scale`, [out], Array.from(scales));
  const own = kept?.of === 'outputs' ? gathered(steps, 0) : steps;
  return { sums, scales: writer.node('Mul', [own, scale], `${name}.scales`) };
}
