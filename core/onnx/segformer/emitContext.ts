import { multiplyVector } from './algebra.ts';
import type { EmitOptions, Rewrites } from './emitOptions.ts';
import type { GraphWriter } from './graphWriter.ts';
import { emitInt8Linear, isInt8 } from './emitInt8.ts';
import type { Linear, Norm, Weight } from './segformerGraph.ts';

/** Tokens of one stage as they travel through the blocks. */
export interface Tokens {
  /** float32 [N, C] with the rewrite `gemm`, [1, N, C] without. */
  readonly name: string;
  /** -1: what is left. */
  readonly channels: number;
  /** int64 [h, w], N = h w. */
  readonly grid: string;
  /** [C] that is still to be added to each token: whoever reads them has it in its bias. */
  readonly offset: Float32Array | null;
}

/** What every part of the emitter needs. */
export interface EmitContext {
  readonly writer: GraphWriter;
  readonly options: Required<Omit<EmitOptions, 'rewrites'>>;
  readonly rewrites: Rewrites;
}

/** LayerNormalization over the last dimension. */
export function emitNorm({ writer, rewrites }: EmitContext, x: string, name: string, norm: Norm): string {
  const size = norm.scale.length;
  const scale = writer.weight(`${name}.weight`, [size], norm.scale);
  const bias = writer.weight(`${name}.bias`, [size], norm.bias);
  if (rewrites.layerNormOp) {
    const attributes = { axis: -1, epsilon: { float: norm.epsilon } };
    return writer.node('LayerNormalization', [x, scale, bias], `${name}.out`, attributes);
  }
  const axes = writer.ints(-1);
  const mean = writer.node('ReduceMean', [x, axes], `${name}.mean`);
  const centred = writer.node('Sub', [x, mean], `${name}.centred`);
  const squared = writer.node('Pow', [centred, writer.float('two', [], [2])], `${name}.squared`);
  const variance = writer.node('ReduceMean', [squared, axes], `${name}.variance`);
  const epsilon = writer.float(`${name}.epsilon`, [], [norm.epsilon]);
  const shifted = writer.node('Add', [variance, epsilon], `${name}.shifted`);
  const deviation = writer.node('Sqrt', [shifted], `${name}.deviation`);
  const normed = writer.node('Div', [centred, deviation], `${name}.normed`);
  return writer.node('Add', [writer.node('Mul', [normed, scale], `${name}.scaled`), bias], `${name}.out`);
}

/** LayerNormalization of tokens without a mean, and without its bias. */
export function emitRmsNorm({ writer }: EmitContext, x: string, name: string, norm: Norm): string {
  const scale = writer.weight(`${name}.weight`, [norm.scale.length], norm.scale);
  const attributes = { axis: -1, epsilon: { float: norm.epsilon } };
  return writer.node('SimplifiedLayerNormalization', [x, scale], `${name}.out`, attributes);
}

/** A layer over tokens as a layer over tokens without their offset. */
export function withOffset(linear: Linear, offset: Float32Array | null): Linear {
  if (!offset) return linear;
  return { ...linear, bias: Float32Array.from(multiplyVector(linear.weight, offset, linear.bias)) };
}

/** GELU, exact or its approximation by tanh. */
export function emitGelu(
  { writer, rewrites }: EmitContext,
  x: string,
  name: string,
  form: 'gelu' | 'geluTanh',
): string {
  if (rewrites.geluOp || form === 'geluTanh') {
    return writer.node('Gelu', [x], name, form === 'geluTanh' ? { approximate: 'tanh' } : {});
  }
  const scaled = writer.node('Div', [x, writer.float('sqrt2', [], [Math.SQRT2])], `${name}.scaled`);
  const erf = writer.node('Erf', [scaled], `${name}.erf`);
  const shifted = writer.node('Add', [erf, writer.float('one', [], [1])], `${name}.shifted`);
  const product = writer.node('Mul', [x, shifted], `${name}.product`);
  return writer.node('Mul', [product, writer.float('half', [], [0.5])], name);
}

/** Tokens [N, C] to [N, C'], or [1, N, C] to [1, N, C'] without the rewrite `gemm`. */
export function emitLinear(context: EmitContext, x: string, name: string, linear: Linear): string {
  const { writer, rewrites } = context;
  const { weight } = linear;
  if (isInt8(context, weight)) return emitInt8Linear(context, x, name, linear);
  const [out = 0, inputs = 0] = weight.dims;
  const bias = linear.bias && writer.weight(`${name}.bias`, [out], linear.bias);
  if (rewrites.gemm) {
    const w = writer.weight(`${name}.weight`, [out, inputs], weight.data, gridOf(weight, 'rows'));
    return writer.node('Gemm', bias === null ? [x, w] : [x, w, bias], `${name}.out`, { transB: 1 });
  }
  const stored = writer.weight(`${name}.weight`, [out, inputs], weight.data);
  const w = writer.node('Transpose', [stored], `${name}.weight_t`, { perm: [1, 0] });
  const product = writer.node('MatMul', [x, w], bias === null ? `${name}.out` : `${name}.product`);
  return bias === null ? product : writer.node('Add', [product, bias], `${name}.out`);
}

/** What a weight's steps differ by, as the emitter lays it out; null where it is on no grid. */
export function gridOf<T extends 'rows' | 'columns'>({ int8 }: Weight, layout: T): T | null {
  return int8 ? layout : null;
}

/** A tensor's shape joined from int64 vectors. */
export function emitShape({ writer }: EmitContext, parts: readonly string[], name: string): string {
  return writer.node('Concat', parts, name, { axis: 0 });
}

/** Tokens to [1, C, h, w]. */
export function emitImage(context: EmitContext, tokens: Tokens, name: string): string {
  const { writer, rewrites } = context;
  const perm = rewrites.gemm ? [1, 0] : [0, 2, 1];
  const rows = writer.node('Transpose', [tokens.name], `${name}.rows`, { perm });
  const shape = emitShape(context, [writer.ints(1, tokens.channels), tokens.grid], `${name}.shape`);
  return writer.node('Reshape', [rows, shape], `${name}.image`);
}

/** [1, C, h, w] to tokens, without their norm. */
export function emitTokens({ writer, rewrites }: EmitContext, image: string, name: string): string {
  const rows = rewrites.gemm
    ? writer.node('Flatten', [image], `${name}.flat`, { axis: 2 })
    : writer.node('Reshape', [image, writer.ints(0, 0, -1)], `${name}.flat`);
  return writer.node('Transpose', [rows], `${name}.tokens`, { perm: rewrites.gemm ? [1, 0] : [0, 2, 1] });
}
