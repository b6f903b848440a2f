import { multiplyMatrices, multiplyVector, transposed } from './algebra.ts';
import { transposeWeight } from './constants.ts';
import { emitImage, emitLinear, emitNorm, emitShape, emitTokens, gridOf, withOffset } from './emitContext.ts';
import type { EmitContext, Tokens } from './emitContext.ts';
import { emitGate } from './emitGate.ts';
import { emitInt8Linear, isInt8 } from './emitInt8.ts';
import type { EmittedGate } from './emitGate.ts';
import type { Attention, Linear } from './segformerGraph.ts';

/** Emits an attention over normalised tokens; its output is of the same shape, without the residual sum. */
export function emitAttention(context: EmitContext, x: Tokens, name: string, original: Attention): string {
  const kv = emitReduction(context, x, name, original);
  const qkGate = emitGate(context, x.name, original.qkGate, original.query, x.offset);
  const vGate = emitGate(context, kv.name, original.vGate, original.value, kv.offset);
  const attention = {
    ...original,
    query: withOffset(original.query, x.offset),
    key: withOffset(original.key, kv.offset),
    value: withOffset(original.value, kv.offset),
  };
  const merges =
    context.rewrites.mergeProjections && context.rewrites.gemm && attention.heads === 1 && !qkGate && !vGate;
  if (merges) return emitMerged(context, x.name, kv.name, name, attention);
  return emitHeads(context, x.name, kv.name, name, attention, qkGate, vGate);
}

/** The tokens that keys and values are made of. */
function emitReduction(context: EmitContext, x: Tokens, name: string, { reduction }: Attention): Tokens {
  if (!reduction) return x;
  const { writer, rewrites } = context;
  const own = `${name}.reduction`;
  const { conv, norm } = reduction;
  const [out = 0, channels = 0, ratio = 0] = conv.weight.dims;
  const flatWeight = { dims: [out, channels * ratio * ratio], data: conv.weight.data };
  // Without padding every output sees the whole offset.
  const everywhere = x.offset && Float32Array.from({ length: channels * ratio * ratio }, (_, i) => x.offset![Math.floor(i / ratio ** 2)]!); // prettier-ignore
  const values = withOffset({ weight: flatWeight, bias: conv.bias }, everywhere).bias;
  const bias = values && writer.weight(`${own}.bias`, [out], values);
  const reduced = (y: string): Tokens => ({
    name: emitNorm(context, y, `${own}.norm`, norm),
    channels: out,
    grid: '',
    offset: null,
  });
  if (!rewrites.patchReduction || !rewrites.gemm) {
    const image = emitImage(context, x, own);
    const w = writer.weight(`${own}.weight`, conv.weight.dims, conv.weight.data);
    const attributes = { kernel_shape: [ratio, ratio], strides: [ratio, ratio] };
    const y = writer.node('Conv', bias === null ? [image, w] : [image, w, bias], `${own}.conv`, attributes);
    return reduced(emitTokens(context, y, own));
  }
  // Whole rows of a patch are moved at once: [h/r, r, w/r, r C] to [h/r, w/r, r, r C].
  const r = writer.ints(ratio);
  const small = writer.node('Div', [x.grid, r], `${own}.grid`);
  const whole = writer.node('Mul', [small, r], `${own}.whole`);
  const map = writer.node(
    'Reshape',
    [x.name, emitShape(context, [x.grid, writer.ints(channels)], `${own}.shape`)],
    `${own}.map`,
  );
  const cut = writer.node('Slice', [map, writer.ints(0, 0), whole, writer.ints(0, 1)], `${own}.cut`);
  const [rows = '', columns = ''] = writer.nodeOf(2, 'Split', [small], `${own}.size`, {
    axis: 0,
    num_outputs: 2,
  });
  const split = emitShape(context, [rows, r, columns, writer.ints(ratio * channels)], `${own}.split`);
  const patches = writer.node('Reshape', [cut, split], `${own}.patches`);
  const ordered = writer.node('Transpose', [patches], `${own}.order`, { perm: [0, 2, 1, 3] });
  const flat = writer.node('Reshape', [ordered, writer.ints(-1, ratio * ratio * channels)], `${own}.rows`);
  const kernel = transposeWeight(conv.weight, [0, 2, 3, 1]);
  const size = [out, ratio * ratio * channels];
  if (isInt8(context, kernel)) {
    return reduced(emitInt8Linear(context, flat, own, { weight: { ...kernel, dims: size }, bias: values }));
  }
  const w = writer.weight(`${own}.weight`, size, kernel.data, gridOf(kernel, 'rows'));
  const y = writer.node('Gemm', bias === null ? [flat, w] : [flat, w, bias], `${own}.out`, { transB: 1 });
  return reduced(y);
}

/**
 * One head: with X the tokens and Y the reduced ones, Q K^T = X (Y A^T)^T + c where A = Wq^T Wk and c is one number
 * per key, and softmax(..) V Wo^T = softmax(..) (Y B^T + b) where B = Wo Wv: rows of a softmax add up to one. Two
 * products over all tokens are gone.
 */
function emitMerged(context: EmitContext, x: string, kv: string, name: string, attention: Attention): string {
  const { writer } = context;
  const { query, key, value, output, scale } = attention;
  const scaled = { dims: key.weight.dims, data: key.weight.data.map((each) => each * scale) };
  // [C, C]: row = channel of a key, column = channel of Y.
  const merged = multiplyMatrices(transposed(query.weight), scaled);
  const keys = emitLinear(context, kv, `${name}.key`, { weight: merged, bias: null });
  const inputs: string[] = [x, keys];
  if (query.bias) {
    const offset = Float32Array.from(multiplyVector(transposed(scaled), query.bias));
    const column = writer.weight(`${name}.key.offset`, [1, offset.length], offset);
    inputs.push(writer.node('Gemm', [column, kv], `${name}.key.offsets`, { transB: 1 }));
  }
  const scores = writer.node('Gemm', inputs, `${name}.scores`, { transB: 1 });
  const weights = writer.node('Softmax', [scores], `${name}.weights`, { axis: -1 });
  const bias = value.bias ? multiplyVector(output.weight, value.bias, output.bias) : output.bias;
  const values = emitLinear(context, kv, `${name}.value`, {
    weight: multiplyMatrices(output.weight, value.weight),
    bias: bias && Float32Array.from(bias),
  });
  return writer.node('MatMul', [weights, values], `${name}.out`);
}

function emitHeads(
  context: EmitContext,
  x: string,
  kv: string,
  name: string,
  attention: Attention,
  qkGate: EmittedGate | null,
  vGate: EmittedGate | null,
): string {
  const { writer, rewrites } = context;
  const { heads, scale } = attention;
  const q = emitGated(context, x, `${name}.query`, attention.query, qkGate);
  // The key's bias adds the same to every score of a query: softmax does not see it.
  const keyLinear = rewrites.foldScale ? { weight: attention.key.weight, bias: null } : attention.key;
  let k = emitGated(context, kv, `${name}.key`, keyLinear, qkGate);
  let v = emitGated(context, kv, `${name}.value`, withMeans(attention.value, attention.vGate, vGate), vGate);
  if (qkGate?.gate.scales) k = writer.node('Mul', [k, qkGate.values], `${name}.key.gated`);
  if (vGate?.gate.scales) v = writer.node('Mul', [v, vGate.values], `${name}.value.gated`);
  const factor = writer.float(`${name}.scale`, [], [scale]);
  if (rewrites.foldScale) k = writer.node('Mul', [k, factor], `${name}.key.scaled`);
  const [qh, kh, vh] = [
    splitHeads(context, q, heads, `${name}.query`, false),
    splitHeads(context, k, heads, `${name}.key`, true),
    splitHeads(context, v, heads, `${name}.value`, false),
  ];
  let scores = writer.node('MatMul', [qh, kh], `${name}.scores`);
  if (!rewrites.foldScale) scores = writer.node('Mul', [scores, factor], `${name}.scores.scaled`);
  const weights = writer.node('Softmax', [scores], `${name}.weights`, { axis: -1 });
  const mixed = writer.node('MatMul', [weights, vh], `${name}.mixed`);
  return emitOutput(context, joinHeads(context, mixed, heads, name), name, attention, vGate);
}

/** What stands for values that are left out is taken from those that are kept, and added to all behind the mean. */
function withMeans(value: Linear, gate: Attention['vGate'], emitted: EmittedGate | null): Linear {
  if (!emitted || !gate?.means) return value;
  const { means } = gate;
  return { weight: value.weight, bias: means.map((mean, i) => (value.bias?.[i] ?? 0) - mean) };
}

/** A layer of all neurons, or of those that its gate keeps. */
function emitGated(
  context: EmitContext,
  x: string,
  name: string,
  linear: Linear,
  gate: EmittedGate | null,
): string {
  if (!gate) return emitLinear(context, x, name, linear);
  const { writer, rewrites } = context;
  if (isInt8(context, linear.weight)) {
    return emitInt8Linear(context, x, name, linear, { of: 'outputs', indices: gate.kept });
  }
  const [out = 0, inputs = 0] = linear.weight.dims;
  const rows = (own: string, dims: readonly number[], data: Float32Array, grid: 'rows' | null) =>
    writer.node('Gather', [writer.weight(own, dims, data, grid), gate.kept], `${own}.kept`, { axis: 0 });
  const w = rows(`${name}.weight`, [out, inputs], linear.weight.data, gridOf(linear.weight, 'rows'));
  const bias = linear.bias && rows(`${name}.bias`, [out], linear.bias, null);
  if (rewrites.gemm) {
    return writer.node('Gemm', bias === null ? [x, w] : [x, w, bias], `${name}.out`, { transB: 1 });
  }
  const t = writer.node('Transpose', [w], `${name}.weight_t`, { perm: [1, 0] });
  const product = writer.node('MatMul', [x, t], `${name}.product`);
  return bias === null ? product : writer.node('Add', [product, bias], `${name}.out`);
}

/** [N, heads d] to [heads, N, d], or to [heads, d, N]; with one head [N, d] and [d, N]. */
function splitHeads(
  { writer, rewrites }: EmitContext,
  x: string,
  heads: number,
  name: string,
  columns: boolean,
): string {
  if (rewrites.gemm && heads === 1) {
    return columns ? writer.node('Transpose', [x], `${name}.columns`, { perm: [1, 0] }) : x;
  }
  const shape = rewrites.gemm ? writer.ints(0, heads, -1) : writer.ints(0, 0, heads, -1);
  const split = writer.node('Reshape', [x, shape], `${name}.split`);
  const batch = columns ? [0, 2, 3, 1] : [0, 2, 1, 3];
  const perm = rewrites.gemm ? batch.slice(1).map((d) => d - 1) : batch;
  return writer.node('Transpose', [split], `${name}.heads`, { perm });
}

function joinHeads({ writer, rewrites }: EmitContext, mixed: string, heads: number, name: string): string {
  if (rewrites.gemm && heads === 1) return mixed;
  const perm = rewrites.gemm ? [1, 0, 2] : [0, 2, 1, 3];
  const tokens = writer.node('Transpose', [mixed], `${name}.mixed.tokens`, { perm });
  return writer.node(
    'Reshape',
    [tokens, rewrites.gemm ? writer.ints(0, -1) : writer.ints(0, 0, -1)],
    `${name}.joined`,
  );
}

function emitOutput(
  context: EmitContext,
  mixed: string,
  name: string,
  { output, vGate }: Attention,
  emitted: EmittedGate | null,
): string {
  if (!emitted) return emitLinear(context, mixed, `${name}.output`, output);
  const { writer, rewrites } = context;
  const { weight } = output;
  const [out = 0, neurons = 0] = weight.dims;
  const own = `${name}.output`;
  const biasValues = vGate?.means
    ? Float32Array.from(multiplyVector(weight, vGate.means, output.bias))
    : output.bias;
  if (isInt8(context, weight)) {
    const kept = { of: 'inputs', indices: emitted.kept } as const;
    return emitInt8Linear(context, mixed, own, { weight, bias: biasValues }, kept);
  }
  const data = transposed(weight).data;
  const stored = writer.weight(`${own}.weight_t`, [neurons, out], data, gridOf(weight, 'columns'));
  const w = writer.node('Gather', [stored, emitted.kept], `${own}.weight_t.kept`, { axis: 0 });
  const bias = biasValues && writer.weight(`${own}.bias`, [out], biasValues);
  if (rewrites.gemm) return writer.node('Gemm', bias === null ? [mixed, w] : [mixed, w, bias], `${own}.out`);
  const product = writer.node('MatMul', [mixed, w], `${own}.product`);
  return bias === null ? product : writer.node('Add', [product, bias], `${own}.out`);
}
