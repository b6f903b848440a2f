import { formatShape } from '../operators/dims.ts';
import {
  addScalar,
  addVector,
  divide,
  multiply,
  multiplyScalar,
  multiplyVector,
  square,
  subtract,
} from './combine.ts';
import type { ConstantValue } from './expression.ts';
import { sameLayout, samePieces, shapeOf, wholeAxisOf } from './layout.ts';
import type { Layout } from './layout.ts';
import { NotUnderstood } from './values.ts';
import type { MapValue, Value } from './values.ts';

export type Arithmetic = 'Add' | 'Sub' | 'Mul' | 'Div' | 'Pow';

/** a op b, element by element, with numpy's broadcasting. */
export function liftArithmetic(op: Arithmetic, a: Value, b: Value): Value {
  if (a.kind === 'kept' || b.kind === 'kept') return shiftIndices(op, a, b);
  if (a.kind === 'map' && b.kind === 'map') return ofTwoMaps(op, a, b);
  if (a.kind === 'map' && b.kind === 'constant') return withConstant(op, a, b);
  if (a.kind === 'constant' && b.kind === 'map') {
    if (a.rows.gate !== null) return scaleRows(op, a, b);
    if (op === 'Add' || op === 'Mul') return withConstant(op, b, a);
  }
  throw new NotUnderstood(`${op} with a constant in front`);
}

/** Each head's indices counted from the first neuron of all. */
function shiftIndices(op: Arithmetic, a: Value, b: Value): Value {
  const [kept, first] = a.kind === 'kept' ? [a, b] : [b, a];
  if (op !== 'Add' || kept.kind !== 'kept' || first.kind !== 'constant')
    throw new NotUnderstood(`${op} of indices`);
  const { data } = first.tensor;
  const width = data[1] ?? 0;
  const counts = data.length === kept.gate.groups && data.every((value, i) => value === i * width);
  if (!counts || (kept.gate.groups > 1 && width !== kept.gate.width))
    throw new NotUnderstood('indices that are not counted per head');
  return kept;
}

/** Weights of kept neurons times their gate values. */
function scaleRows(op: Arithmetic, rows: ConstantValue, values: MapValue): ConstantValue {
  const gate = values.of.kind === 'gateValues' ? values.of.gate : undefined;
  if (
    op !== 'Mul' ||
    !gate ||
    gate !== rows.rows.gate ||
    rows.rows.scaled ||
    sizesBeyondFirst(values.layout) !== 1
  ) {
    throw new NotUnderstood('weights that are computed from the picture');
  }
  return { ...rows, rows: { gate, scaled: true } };
}

function sizesBeyondFirst(layout: Layout): number {
  return shapeOf(layout.slice(1)).reduce((product, size) => product * size, 1);
}

function ofTwoMaps(op: Arithmetic, a: MapValue, b: MapValue): MapValue {
  if (op === 'Mul' && b.of.kind === 'gateValues' && fitsInto(b.layout, a.layout)) {
    return { ...a, of: { kind: 'times', a: a.of, b: b.of } };
  }
  if (op === 'Mul' && a.of.kind === 'gateValues') return ofTwoMaps(op, b, a);
  const reduced = b.of.kind === 'channelMean' || b.of.kind === 'root';
  if (!(reduced ? fitsInto(b.layout, a.layout) : sameLayout(a.layout, b.layout))) {
    throw new NotUnderstood(
      `${op} of ${formatShape(shapeOf(a.layout))} and ${formatShape(shapeOf(b.layout))}`,
    );
  }
  switch (op) {
    case 'Add':
      return { ...a, of: { kind: 'sum', a: a.of, b: b.of } };
    case 'Sub':
      return { ...a, of: subtract(a.of, b.of) };
    case 'Mul':
      return { ...a, of: multiply(a.of, b.of) };
    case 'Div': {
      const channels = wholeAxisOf(a.layout.at(-1), 'channel');
      if (!channels) throw new NotUnderstood('a normalisation that is not over channels');
      return { ...a, of: divide(a.of, b.of, channels.size) };
    }
    case 'Pow':
      throw new NotUnderstood('a power of two maps');
  }
}

/** Dimensions aligned at the end; those of `small` are 1 or the same. */
function fitsInto(small: Layout, large: Layout): boolean {
  const skip = large.length - small.length;
  return skip >= 0 && small.every((pieces, d) => pieces.length === 0 || samePieces(pieces, large[d + skip]!));
}

function withConstant(op: Arithmetic, map: MapValue, constant: ConstantValue): MapValue {
  const { dims, data } = constant.tensor;
  if (constant.rows.gate) throw new NotUnderstood('gathered constants');
  if (data.length === 1) return { ...map, of: withScalar(op, map, data[0]!) };
  const at = dims.findIndex((dim) => dim > 1);
  const along = map.layout[map.layout.length - dims.length + at];
  if (dims[at] !== data.length || wholeAxisOf(along, 'channel')?.size !== data.length) {
    throw new NotUnderstood(`${op} of a map and a constant of ${formatShape(dims)}`);
  }
  switch (op) {
    case 'Add':
      return { ...map, of: addVector(map.of, data) };
    case 'Sub':
      return { ...map, of: addVector(map.of, data.map((value) => -value)) }; // prettier-ignore
    case 'Mul':
      return { ...map, of: multiplyVector(map.of, data) };
    case 'Div':
      return { ...map, of: multiplyVector(map.of, data.map((value) => 1 / value)) }; // prettier-ignore
    case 'Pow':
      throw new NotUnderstood('a power per channel');
  }
}

function withScalar(op: Arithmetic, { of }: MapValue, by: number) {
  switch (op) {
    case 'Add':
      return addScalar(of, by);
    case 'Sub':
      return addScalar(of, -by);
    case 'Mul':
      return multiplyScalar(of, by);
    case 'Div':
      return multiplyScalar(of, 1 / by);
    case 'Pow':
      if (by !== 2) throw new NotUnderstood(`a power of ${by}`);
      return square(of);
  }
}
