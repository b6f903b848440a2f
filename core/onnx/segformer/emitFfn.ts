import { multiplyVector, transposed } from './algebra.ts';
import { emitGelu, emitImage, emitLinear, emitShape, emitTokens, gridOf, withOffset } from './emitContext.ts';
import type { EmitContext, Tokens } from './emitContext.ts';
import { emitGate } from './emitGate.ts';
import type { EmittedGate } from './emitGate.ts';
import { emitInt8Product, isInt8 } from './emitInt8.ts';
import type { Linear, MixFfn } from './segformerGraph.ts';

/** Emits a Mix-FFN over normalised tokens; its output is of the same shape, without the residual sum. */
export function emitFfn(context: EmitContext, x: Tokens, name: string, original: MixFfn): string {
  const gate = emitGate(context, x.name, original.gate, original.fc1, x.offset);
  const ffn = { ...original, fc1: withOffset(original.fc1, x.offset) };
  const neurons = gate?.count ?? ffn.fc1.weight.dims[0] ?? 0;
  const conv = emitKernel(context, name, ffn, gate);
  const convolve = (image: string, [kernel = '', ...bias] = conv) =>
    context.writer.node('Conv', [image, kernel, ...bias], `${name}.depthwise`, {
      group: neurons,
      kernel_shape: [3, 3],
      pads: [1, 1, 1, 1],
      strides: [1, 1],
    });
  if (context.rewrites.transposedFfn && context.rewrites.gemm) {
    return emitTransposed(context, x, name, ffn, gate, { kernel: conv, convolve });
  }
  const h = gate
    ? gatedFc1(context, x.name, name, ffn, gate)
    : emitLinear(context, x.name, `${name}.fc1`, ffn.fc1);
  const image = emitImage(
    context,
    { name: h, channels: gate ? -1 : neurons, grid: x.grid, offset: null },
    `${name}.middle`,
  );
  const tokens = emitTokens(context, convolve(image), `${name}.depthwise`);
  const activated = emitGelu(context, tokens, `${name}.gelu`, ffn.activation);
  if (!gate) return emitLinear(context, activated, `${name}.fc2`, ffn.fc2);
  const { weight, bias } = gatedFc2(context, name, ffn, gate);
  if (context.rewrites.gemm) return context.writer.node('Gemm', [activated, weight, bias], `${name}.fc2.out`);
  const product = context.writer.node('MatMul', [activated, weight], `${name}.fc2.product`);
  return context.writer.node('Add', [product, bias], `${name}.fc2.out`);
}

/** [neurons, N] in the middle: what the convolution reads and writes, so nothing is transposed. */
function emitTransposed(
  context: EmitContext,
  x: Tokens,
  name: string,
  ffn: MixFfn,
  gate: EmittedGate | null,
  { kernel, convolve }: { kernel: readonly string[]; convolve: (image: string, kernel: readonly string[]) => string }, // prettier-ignore
): string {
  const { writer } = context;
  const { weight, bias } = ffn.fc1;
  const [neurons = 0, channels = 0] = weight.dims;
  const shape = emitShape(context, [writer.ints(1, -1), x.grid], `${name}.shape`);
  const image = (rows: string) => writer.node('Reshape', [rows, shape], `${name}.image`);
  let convolved: string;
  if (isInt8(context, weight)) {
    const product = emitInt8Fc1(context, x.name, name, ffn.fc1, gate);
    convolved = convolve(image(product.rows), scaledKernel(context, name, kernel, product.scales));
  } else {
    const inputs = [
      rowsOf(context, `${name}.fc1.weight`, [neurons, channels], weight.data, gate, gridOf(weight, 'rows')),
      x.name,
      ...(bias ? [rowsOf(context, `${name}.fc1.bias_column`, [neurons, 1], bias, gate)] : []),
    ];
    convolved = convolve(image(writer.node('Gemm', inputs, `${name}.fc1.rows`, { transB: 1 })), kernel);
  }
  const activated = emitGelu(context, convolved, `${name}.gelu`, ffn.activation);
  const flat = writer.node('Flatten', [activated], `${name}.flat`, { axis: 2 });
  if (isInt8(context, ffn.fc2.weight)) return emitInt8Fc2(context, flat, name, ffn, gate);
  const last = gate ? gatedFc2(context, name, ffn, gate) : plainFc2(context, name, ffn);
  return writer.node('Gemm', [flat, last.weight, last.bias], `${name}.fc2.out`, { transA: 1 });
}

/**
 * The first layer in integers, [neurons, N], its scales left out: the convolution is linear in each neuron, so they
 * may as well be on its kernel.
 */
function emitInt8Fc1(
  context: EmitContext,
  x: string,
  name: string,
  { weight, bias }: Linear,
  gate: EmittedGate | null,
): { rows: string; scales: string } {
  const { writer } = context;
  const kept = gate && ({ of: 'outputs', indices: gate.kept } as const);
  const own = `${name}.fc1`;
  const { sums, scales } = emitInt8Product(context, x, own, weight, { transposed: true, kept });
  if (!bias) return { rows: sums, scales };
  const vector = rowsOf(context, `${own}.bias`, [bias.length], bias, gate);
  const shift = writer.node('Div', [vector, scales], `${own}.shift`);
  const column = writer.node('Unsqueeze', [shift, writer.ints(1)], `${own}.shift.column`);
  return { rows: writer.node('Add', [sums, column], `${own}.rows`), scales };
}

function scaledKernel(
  { writer }: EmitContext,
  name: string,
  [kernel = '', ...bias]: readonly string[],
  scales: string,
): readonly string[] {
  const column = writer.node('Reshape', [scales, writer.ints(-1, 1, 1, 1)], `${name}.depthwise.scales`);
  return [writer.node('Mul', [kernel, column], `${name}.depthwise.scaled`), ...bias];
}

/** The last layer in integers: [neurons, N] to [N, C]. */
function emitInt8Fc2(
  context: EmitContext,
  flat: string,
  name: string,
  ffn: MixFfn,
  gate: EmittedGate | null,
): string {
  const { writer } = context;
  const { weight, bias } = ffn.fc2;
  const kept = gate && ({ of: 'inputs', indices: gate.kept } as const);
  const own = `${name}.fc2`;
  const { sums, scales } = emitInt8Product(context, flat, own, weight, { transposed: false, kept });
  const tokens = writer.node('Transpose', [sums], `${own}.tokens`, { perm: [1, 0] });
  // What stands for neurons that are left out is summed in floats.
  const shift = gate?.gate.means
    ? gatedFc2(context, name, ffn, gate).bias
    : bias && writer.weight(`${own}.bias`, [bias.length], bias);
  const product = writer.node('Mul', [tokens, scales], shift ? `${own}.scaled` : `${own}.out`);
  return shift ? writer.node('Add', [product, shift], `${own}.out`) : product;
}

/** A weight, or only the rows that a gate keeps. */
function rowsOf(
  { writer }: EmitContext,
  name: string,
  dims: readonly number[],
  data: Float32Array,
  gate: EmittedGate | null,
  grid: 'rows' | 'columns' | null = null,
): string {
  const stored = writer.weight(name, dims, data, grid);
  return gate ? writer.node('Gather', [stored, gate.kept], `${name}.kept`, { axis: 0 }) : stored;
}

function emitKernel(
  context: EmitContext,
  name: string,
  { depthwise }: MixFfn,
  gate: EmittedGate | null,
): readonly string[] {
  const { writer } = context;
  const own = `${name}.depthwise`;
  let kernel = rowsOf(context, `${own}.weight`, depthwise.weight.dims, depthwise.weight.data, gate);
  if (gate?.gate.scales) {
    const column = writer.node('Reshape', [gate.values, writer.ints(-1, 1, 1, 1)], `${own}.gate`);
    kernel = writer.node('Mul', [kernel, column], `${own}.gated`);
  }
  if (!depthwise.bias) return [kernel];
  return [kernel, rowsOf(context, `${own}.bias`, [depthwise.bias.length], depthwise.bias, gate)];
}

function gatedFc1(context: EmitContext, x: string, name: string, { fc1 }: MixFfn, gate: EmittedGate): string {
  const { writer, rewrites } = context;
  const [neurons = 0, channels = 0] = fc1.weight.dims;
  const grid = gridOf(fc1.weight, 'rows');
  const w = rowsOf(context, `${name}.fc1.weight`, [neurons, channels], fc1.weight.data, gate, grid);
  const bias = fc1.bias && rowsOf(context, `${name}.fc1.bias`, [neurons], fc1.bias, gate);
  if (rewrites.gemm)
    return writer.node('Gemm', bias === null ? [x, w] : [x, w, bias], `${name}.fc1.out`, { transB: 1 });
  const t = writer.node('Transpose', [w], `${name}.fc1.weight_t`, { perm: [1, 0] });
  const product = writer.node('MatMul', [x, t], `${name}.fc1.product`);
  return bias === null ? product : writer.node('Add', [product, bias], `${name}.fc1.out`);
}

interface LastLayer {
  /** [neurons, C] */
  readonly weight: string;
  /** [C] or [1, C] */
  readonly bias: string;
}

function plainFc2({ writer }: EmitContext, name: string, { fc2 }: MixFfn): LastLayer {
  const { dims, data } = transposed(fc2.weight);
  const bias = fc2.bias ?? new Float32Array(dims[1] ?? 0);
  return {
    weight: writer.weight(`${name}.fc2.weight_t`, dims, data, gridOf(fc2.weight, 'columns')),
    bias: writer.weight(`${name}.fc2.bias`, [bias.length], bias),
  };
}

/** Neurons that are left out stand for their means: the bias has all of them, less those of the kept. */
function gatedFc2(context: EmitContext, name: string, ffn: MixFfn, gate: EmittedGate): LastLayer {
  const { writer } = context;
  const { dims, data } = transposed(ffn.fc2.weight);
  const [neurons = 0, channels = 0] = dims;
  const grid = gridOf(ffn.fc2.weight, 'columns');
  const weight = rowsOf(context, `${name}.fc2.weight_t`, dims, data, gate, grid);
  const { means } = gate.gate;
  if (!means) {
    const bias = ffn.fc2.bias ?? new Float32Array(channels);
    return { weight, bias: writer.weight(`${name}.fc2.bias`, [channels], bias) };
  }
  const whole = Float32Array.from(multiplyVector(ffn.fc2.weight, means, ffn.fc2.bias));
  const negative = rowsOf(context, `${name}.means`, [neurons], means.map((mean) => -mean), gate); // prettier-ignore
  const row = writer.node('Unsqueeze', [negative, writer.ints(0)], `${name}.means.row`);
  const full = writer.weight(`${name}.fc2.bias`, [channels], whole);
  return { weight, bias: writer.node('Gemm', [row, weight, full], `${name}.fc2.bias.kept`) };
}
