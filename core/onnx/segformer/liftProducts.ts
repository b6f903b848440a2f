import type { Attributes } from '../attributes.ts';
import { formatShape } from '../operators/dims.ts';
import { multiplyScalar } from './combine.ts';
import { transposeWeight } from './constants.ts';
import { allRows } from './expression.ts';
import type { ConstantValue, Expression, RowChoice } from './expression.ts';
import { samePieces, shapeOf, transposeLayout, sizeOf, wholeAxis, wholeAxisOf } from './layout.ts';
import type { Layout, Piece } from './layout.ts';
import type { Weight } from './segformerGraph.ts';
import { arePositions, asImage, axisOf, channelAxis, imageLayout, NotUnderstood } from './values.ts';
import type { MapValue, Value } from './values.ts';

/** Conv(x, weights, bias): [1, C, h, w] to another. */
export function liftConv(
  x: MapValue,
  kernel: Value,
  bias: Value | undefined,
  attributes: Attributes,
): MapValue {
  const { channels, height, width } = asImage(x);
  if (kernel.kind !== 'constant') throw new NotUnderstood('its weights are not constants');
  const weight = kernel.tensor;
  const [out = 0, inPerGroup = 0, kh = 0, kw = 0] = weight.dims;
  const { stride, padding } = windowOf(attributes, [kh, kw]);
  const group = attributes.int('group', 1);
  const vector = bias && vectorOf(bias, out, kernel.rows);
  if (kh === 1 && kw === 1 && stride === 1 && padding === 0 && group === 1 && kernel.rows === allRows) {
    const linear = { weight: { dims: [out, inPerGroup], data: weight.data }, bias: vector ?? null };
    return {
      kind: 'map',
      of: { kind: 'linear', of: x.of, linear, rows: null, columns: null, addend: null },
      layout: imageLayout(out, height, width),
    };
  }
  const conv = { weight, bias: vector ?? null, stride, padding };
  if (group > 1 && group === channels && inPerGroup === 1) {
    if (stride !== 1 || kh !== 2 * padding + 1)
      throw new NotUnderstood('a depthwise convolution that changes the size');
    return { kind: 'map', of: { kind: 'depthwise', of: x.of, conv, rows: kernel.rows }, layout: x.layout };
  }
  if (group !== 1 || kernel.rows !== allRows) throw new NotUnderstood(`a convolution in ${group} groups`);
  const side = (size: number) => Math.floor((size + 2 * padding - kh) / stride) + 1;
  return {
    kind: 'map',
    of: { kind: 'conv', of: x.of, conv },
    layout: imageLayout(out, side(height), side(width)),
  };
}

function windowOf(attributes: Attributes, kernel: readonly number[]): { stride: number; padding: number } {
  const strides = attributes.ints('strides') ?? [1, 1];
  const pads = attributes.ints('pads') ?? [0, 0, 0, 0];
  const dilations = attributes.ints('dilations') ?? [1, 1];
  const autoPad = attributes.string('auto_pad', 'NOTSET');
  const square = kernel[0] === kernel[1] && strides[0] === strides[1] && new Set(pads).size === 1;
  if (!square || dilations.some((d) => d !== 1) || (autoPad !== 'NOTSET' && autoPad !== 'VALID')) {
    throw new NotUnderstood('a convolution with different sides, dilations or automatic padding');
  }
  return { stride: strides[0]!, padding: pads[0]! };
}

/** A bias of `size` values, or of the rows that the weight has. */
export function vectorOf(value: Value, size: number, rows: RowChoice): Float32Array {
  if (value.kind !== 'constant') throw new NotUnderstood('its bias is not a constant');
  if (value.rows.gate !== rows.gate || value.rows.scaled)
    throw new NotUnderstood('its bias is of other neurons');
  if (value.tensor.data.length === 1 && size > 1) return new Float32Array(size).fill(value.tensor.data[0]!);
  if (value.tensor.data.length !== size)
    throw new NotUnderstood(`its bias has ${value.tensor.data.length} values`);
  return value.tensor.data;
}

/** Gemm(a, b, c) with its transpositions. */
export function liftGemm(a: Value, b: Value, c: Value | undefined, attributes: Attributes): MapValue {
  if ((attributes.float('alpha') ?? 1) !== 1 || (attributes.float('beta') ?? 1) !== 1) {
    throw new NotUnderstood('a Gemm with factors');
  }
  const transA = attributes.int('transA', 0) !== 0;
  const transB = attributes.int('transB', 0) !== 0;
  if (a.kind === 'map' && b.kind === 'constant') {
    const [positions, contracted] = transA ? [a.layout[1], a.layout[0]] : a.layout;
    const product = contract(a.of, contracted, b, transB, c);
    return { kind: 'map', of: product.of, layout: [product.positions(positions), channelAxis(product.out)] };
  }
  if (a.kind === 'constant' && b.kind === 'map') {
    const [positions, contracted] = transB ? b.layout : [b.layout[1], b.layout[0]];
    const product = contract(b.of, contracted, a, !transA, c);
    return { kind: 'map', of: product.of, layout: [channelAxis(product.out), product.positions(positions)] };
  }
  if (a.kind === 'constant' && b.kind === 'constant') return liftKeptMeans(a, b, c);
  throw new NotUnderstood('a Gemm of two maps');
}

/** bias - means of the kept neurons times their weights: Gemm(-means [1, K], weights [K, C], bias). */
function liftKeptMeans(a: ConstantValue, b: ConstantValue, c: Value | undefined): MapValue {
  const { gate } = a.rows;
  const [neurons = 0, channels = 0] = b.tensor.dims;
  if (!gate || b.rows.gate !== gate || a.tensor.data.length !== neurons || !c) {
    throw new NotUnderstood('a Gemm of constants that are not of one gate');
  }
  const means = a.tensor.data.map((mean) => -mean);
  const bias = vectorOf(c, channels, allRows);
  const of: Expression = { kind: 'keptMeans', gate, means, bias, weight: b.tensor };
  return { kind: 'map', of, layout: [[], channelAxis(channels)] };
}

/** MatMul of a map and a constant, or of two maps (attention). */
export function liftMatMul(a: Value, b: Value): MapValue {
  if (a.kind !== 'map') throw new NotUnderstood('a MatMul whose first input is a constant');
  if (b.kind === 'constant') {
    const before = a.layout.slice(0, -1);
    const product = contract(a.of, a.layout.at(-1), b, false, undefined);
    return {
      kind: 'map',
      of: product.of,
      layout: [...before.map((pieces) => product.positions(pieces)), channelAxis(product.out)],
    };
  }
  if (b.kind !== 'map') throw new NotUnderstood('a MatMul with indices');
  return attend(a, b);
}

interface Contraction {
  readonly of: Expression;
  readonly out: number;
  /** The other dimensions, where a convolution in disguise makes them smaller. */
  readonly positions: (pieces: readonly Piece[] | undefined) => readonly Piece[];
}

/** A map's dimension multiplied with a matrix: [out, in] where `outFirst`, [in, out] otherwise. */
function contract(
  of: Expression,
  contracted: readonly Piece[] | undefined,
  matrix: ConstantValue,
  outFirst: boolean,
  bias: Value | undefined,
): Contraction {
  const dims = matrix.tensor.dims.filter((dim, d) => dim !== 1 || d >= matrix.tensor.dims.length - 2);
  if (dims.length !== 2) throw new NotUnderstood(`a product with a constant of ${formatShape(dims)}`);
  const plain = { ...matrix.tensor, dims };
  const weight = outFirst ? plain : transposeWeight(plain, [1, 0]);
  const rows = outFirst && matrix.rows.gate ? matrix.rows : null;
  const columns = !outFirst && matrix.rows.gate ? matrix.rows : null;
  const [all = 0, inputs = 0] = weight.dims;
  const kept = rows?.gate ? rows.gate.groups * rows.gate.kept : all;
  const channels = wholeAxisOf(contracted, 'channel');
  const same = (pieces: readonly Piece[] | undefined) => pieces ?? [];
  if (!channels && sizeOf(contracted ?? []) > 1) {
    if (rows || columns) throw new NotUnderstood('a gated layer of parts of a map');
    return patchContraction(of, contracted ?? [], weight, bias);
  }
  if (
    columns?.gate
      ? columns.gate.groups * columns.gate.kept !== channels?.size
      : inputs !== (channels?.size ?? 1)
  ) {
    throw new NotUnderstood(`a layer of ${inputs} inputs on ${channels?.size ?? 1} channels`);
  }
  const constantBias = bias?.kind === 'constant' ? vectorOf(bias, all, rows ?? allRows) : null;
  const addend = bias?.kind === 'map' ? bias.of : null;
  const linear = { weight, bias: constantBias };
  return { of: { kind: 'linear', of, linear, rows, columns, addend }, out: kept, positions: same };
}

/** Rows of r x r patches times a matrix: a convolution with stride and kernel r. */
function patchContraction(
  of: Expression,
  contracted: readonly Piece[],
  weight: Weight,
  bias: Value | undefined,
): Contraction {
  const [row, column, channel] = contracted;
  const channels = wholeAxisOf(channel && [channel], 'channel');
  const ratio = row?.size ?? 0;
  const isPatch =
    row?.axis.name === 'row' && column?.axis.name === 'column' && row.inner === 1 && column.inner === 1;
  if (contracted.length !== 3 || !isPatch || column.size !== ratio || !channels) {
    throw new NotUnderstood('a product over parts of a map');
  }
  const [out = 0] = weight.dims;
  const kernel = transposeWeight({ ...weight, dims: [out, ratio, ratio, channels.size] }, [0, 3, 1, 2]);
  const vector = bias && vectorOf(bias, out, allRows);
  const conv = { weight: kernel, bias: vector ?? null, stride: ratio, padding: 0 };
  const positions = (pieces: readonly Piece[] | undefined) =>
    (pieces ?? []).map((piece) => {
      if (piece.inner !== ratio || piece.axis.size !== ratio * piece.size) {
        throw new NotUnderstood('patches that do not cover a map');
      }
      return wholeAxis(axisOf(piece.axis.name, piece.size))[0] ?? { ...piece, inner: 1 };
    });
  return { of: { kind: 'conv', of, conv }, out, positions };
}

/** ONNX's Attention (operator set 23) of [1, heads, N, width]: softmax(Q K^T scale) V. */
export function liftAttention(inputs: readonly (Value | undefined)[], attributes: Attributes): MapValue {
  const [q, k, v, ...more] = inputs;
  if (q?.kind !== 'map' || k?.kind !== 'map' || v?.kind !== 'map' || q.layout.length !== 4) {
    throw new NotUnderstood('an Attention that is not of heads of queries, keys and values');
  }
  const plain = attributes.int('is_causal', 0) === 0 && (attributes.float('softcap') ?? 0) === 0;
  if (!plain || more.some((input) => input !== undefined))
    throw new NotUnderstood('an Attention with a mask');
  const columns = { ...k, layout: transposeLayout(k.layout, [0, 1, 3, 2]) };
  const scores = attend(q, columns);
  const scale = attributes.float('scale') ?? 1 / Math.sqrt(sizeOf(q.layout[3] ?? []));
  const weights: MapValue = { ...scores, of: { kind: 'softmax', of: multiplyScalar(scores.of, scale) } };
  return attend(weights, v);
}

/** Q K^T, or the softmax of it times V. */
function attend(a: MapValue, b: MapValue): MapValue {
  const batch = a.layout.slice(0, -2);
  const otherBatch = b.layout.slice(0, -2);
  const [rowsOf, inner] = [a.layout.at(-2) ?? [], a.layout.at(-1) ?? []];
  const [otherInner, columnsOf] = [b.layout.at(-2) ?? [], b.layout.at(-1) ?? []];
  const heads = sizeOf(batch.flat());
  if (!samePieces(inner, otherInner) || heads !== sizeOf(otherBatch.flat())) {
    throw new NotUnderstood(
      `a product of ${formatShape(shapeOf(a.layout))} and ${formatShape(shapeOf(b.layout))}`,
    );
  }
  const layout: Layout = [...otherBatch, rowsOf, columnsOf];
  if (a.of.kind === 'softmax') {
    const whole = headsThenWidth(otherBatch, columnsOf);
    if (!whole || !arePositions(rowsOf) || !arePositions(inner))
      throw new NotUnderstood('values in an unusual layout');
    return { kind: 'map', of: { kind: 'mixed', weights: a.of, v: b.of, heads }, layout };
  }
  const fits = headsThenWidth(batch, inner) && headsThenWidth(otherBatch, otherInner);
  if (!fits || !arePositions(rowsOf) || !arePositions(columnsOf)) {
    throw new NotUnderstood('queries or keys in an unusual layout');
  }
  return { kind: 'map', of: { kind: 'scores', q: a.of, k: b.of, heads }, layout };
}

/** True where heads and the width of a head are together all channels, in that order. */
function headsThenWidth(batch: Layout, width: readonly Piece[]): boolean {
  const pieces = [...batch.flat(), ...width];
  const axis = pieces[0]?.axis;
  if (axis?.name !== 'channel') return false;
  return pieces.every((piece, i) => piece.axis === axis && piece.inner === sizeOf(pieces.slice(i + 1))) &&
    sizeOf(pieces) === axis.size; // prettier-ignore
}
