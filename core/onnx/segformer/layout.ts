/**
 * Where the elements of a feature map lie in a tensor. An exporter may write a map as [1, C, h, w], [1, h*w, C] or
 * [heads, h*w, C / heads]: reshapes and transpositions only change the layout, so the reader of a graph follows the
 * layout and forgets the operators.
 */

export type AxisName = 'channel' | 'row' | 'column';

/** One direction of a feature map, of `size` positions. */
export interface Axis {
  readonly name: AxisName;
  readonly size: number;
}

/** A part of an axis: of position p it tells floor(p / inner) % size. */
export interface Piece {
  readonly axis: Axis;
  readonly inner: number;
  readonly size: number;
}

/** For each dimension of a tensor the pieces it runs through, the slowest first; [] for a dimension of 1. */
export type Layout = readonly (readonly Piece[])[];

/** All positions of an axis; nothing where it has only one. */
export function wholeAxis(axis: Axis): readonly Piece[] {
  return axis.size === 1 ? [] : [{ axis, inner: 1, size: axis.size }];
}

export function sizeOf(pieces: readonly Piece[]): number {
  return pieces.reduce((product, piece) => product * piece.size, 1);
}

export function shapeOf(layout: Layout): number[] {
  return layout.map(sizeOf);
}

/** The axis that a dimension runs through from end to end, in order; undefined for parts and mixtures. */
export function wholeAxisOf(pieces: readonly Piece[] | undefined, name: AxisName): Axis | undefined {
  const [piece, ...others] = pieces ?? [];
  if (!piece || others.length > 0 || piece.axis.name !== name) return undefined;
  return piece.inner === 1 && piece.size === piece.axis.size ? piece.axis : undefined;
}

/** True where both run through positions of equal names and sizes in the same order. */
export function samePieces(a: readonly Piece[], b: readonly Piece[]): boolean {
  return a.length === b.length && a.every((piece, i) => samePiece(piece, b[i]!));
}

function samePiece(a: Piece, b: Piece): boolean {
  const sameAxis = a.axis === b.axis || (a.axis.name === b.axis.name && a.axis.size === b.axis.size);
  return sameAxis && a.inner === b.inner && a.size === b.size;
}

export function sameLayout(a: Layout, b: Layout): boolean {
  return a.length === b.length && a.every((pieces, d) => samePieces(pieces, b[d]!));
}

export function transposeLayout(layout: Layout, order: readonly number[]): Layout {
  return order.map((d) => layout[d] ?? []);
}

/** The same elements in the same order under another shape; undefined where a dimension would mix two axes. */
export function reshapeLayout(layout: Layout, shape: readonly number[]): Layout | undefined {
  const waiting = layout.flat();
  const out: Piece[][] = [];
  for (const size of shape) {
    const pieces: Piece[] = [];
    let missing = size;
    while (missing > 1) {
      const next = waiting.shift();
      if (!next) return undefined;
      if (missing % next.size === 0) {
        pieces.push(next);
        missing /= next.size;
      } else if (next.size % missing === 0) {
        // A piece is cut in two: its slower part ends this dimension, the rest begins the next.
        const rest = next.size / missing;
        pieces.push({ axis: next.axis, inner: next.inner * rest, size: missing });
        waiting.unshift({ axis: next.axis, inner: next.inner, size: rest });
        missing = 1;
      } else {
        return undefined;
      }
    }
    out.push(joinPieces(pieces));
  }
  return waiting.length === 0 ? out : undefined;
}

/** Neighbours that are one stretch of an axis become one piece. */
export function joinPieces(pieces: readonly Piece[]): Piece[] {
  const joined: Piece[] = [];
  for (const piece of pieces) {
    const before = joined.at(-1);
    if (before?.axis === piece.axis && before.inner === piece.inner * piece.size) {
      joined[joined.length - 1] = { axis: piece.axis, inner: piece.inner, size: before.size * piece.size };
    } else {
      joined.push(piece);
    }
  }
  return joined;
}
