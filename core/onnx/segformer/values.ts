import { formatShape } from '../operators/dims.ts';
import type { ConstantValue, Expression, GateChoice } from './expression.ts';
import { shapeOf, wholeAxis, wholeAxisOf } from './layout.ts';
import type { Axis, AxisName, Layout, Piece } from './layout.ts';

/** A tensor that depends on the picture: what it means and how it lies. */
export interface MapValue {
  readonly kind: 'map';
  readonly of: Expression;
  readonly layout: Layout;
}

/** The indices that a gate keeps, in any shape. */
export interface KeptValue {
  readonly kind: 'kept';
  readonly gate: GateChoice;
}

export type Value = MapValue | ConstantValue | KeptValue;

/** Thrown where a node is not what a SegFormer has; it becomes an `unknown` expression. */
export class NotUnderstood extends Error {
  constructor(why: string) {
    super(why);
    this.name = 'NotUnderstood';
  }
}

const axes = new Map<string, Axis>();

/** Axes of equal name and size are one object: layouts are compared piece by piece. */
export function axisOf(name: AxisName, size: number): Axis {
  const key = `${name}${size}`;
  const known = axes.get(key);
  if (known) return known;
  const axis: Axis = { name, size };
  axes.set(key, axis);
  return axis;
}

export function channelAxis(size: number): readonly Piece[] {
  return wholeAxis(axisOf('channel', size));
}

/** [1, C, h, w] */
export function imageLayout(channels: number, height: number, width: number): Layout {
  const { row, column } = { row: axisOf('row', height), column: axisOf('column', width) };
  return [[], channelAxis(channels), wholeAxis(row), wholeAxis(column)];
}

/** Channels and sides of a map laid out as [1, C, h, w]. @throws NotUnderstood for any other layout */
export function asImage({ layout }: MapValue): { channels: number; height: number; width: number } {
  const [batch, channel, row, column] = layout;
  const [c, h, w] = [wholeAxisOf(channel, 'channel'), wholeAxisOf(row, 'row'), wholeAxisOf(column, 'column')];
  if (layout.length !== 4 || batch?.length !== 0 || !c || !h || !w) {
    throw new NotUnderstood(`its input of ${formatShape(shapeOf(layout))} is not a map [1, C, h, w]`);
  }
  return { channels: c.size, height: h.size, width: w.size };
}

/** True for pieces that run through all positions of a map, row by row. */
export function arePositions(pieces: readonly Piece[]): boolean {
  const [row, column] = pieces;
  return (
    pieces.length === 2 &&
    wholeAxisOf([row!], 'row') !== undefined &&
    wholeAxisOf([column!], 'column') !== undefined
  );
}
