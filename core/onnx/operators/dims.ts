import { elementCount } from '../tensor.ts';
import { ShapeError } from './operator.ts';
import type { TensorFact } from './operator.ts';

/** Values of tensors with more elements than this are not followed: shapes and indices are smaller. */
export const maxKnownElements = 4096;

/** `1x3x512x512`; `scalar` for []. */
export function formatShape(shape: readonly number[]): string {
  return shape.length === 0 ? 'scalar' : shape.join('x');
}

/** The dimension at `index` counted from the front. @throws ShapeError where the rank is lower */
export function dimAt(shape: readonly number[], index: number): number {
  const dim = shape[index];
  if (dim === undefined) throw new ShapeError(`the shape ${formatShape(shape)} has no dimension ${index}`);
  return dim;
}

/** An axis counted from either end, as one counted from the front. @throws ShapeError where there is none */
export function normaliseAxis(axis: number, rank: number): number {
  const index = axis < 0 ? axis + rank : axis;
  if (!(index >= 0 && index < rank)) throw new ShapeError(`axis ${axis} of a tensor with ${rank} dimensions`);
  return index;
}

/** Numpy's rule. @throws ShapeError where two dimensions differ and neither is 1 */
export function broadcastShapes(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  const out: number[] = [];
  for (let i = 0; i < rank; i++) {
    const left = a[i - rank + a.length] ?? 1;
    const right = b[i - rank + b.length] ?? 1;
    if (left !== right && left !== 1 && right !== 1) {
      throw new ShapeError(`the shapes ${formatShape(a)} and ${formatShape(b)} do not fit each other`);
    }
    out.push(left === 1 ? right : left);
  }
  return out;
}

/** Distance in elements between neighbours along each dimension of a row-major tensor. */
export function stridesOf(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length).fill(1);
  for (let i = shape.length - 2; i >= 0; i--) strides[i] = strides[i + 1]! * shape[i + 1]!;
  return strides;
}

/**
 * The values of a tensor of `shape`, each taken from where `pick` says; undefined where the tensor is too large to
 * follow.
 *
 * @param pick from an index, one number per dimension (reused between calls), to the value there
 */
export function valuesFrom(
  shape: readonly number[],
  pick: (index: readonly number[]) => number,
): number[] | undefined {
  const count = elementCount(shape);
  // The evaluator refuses shapes with negative or broken dimensions; here they only must not do harm.
  if (count > maxKnownElements || !shape.every((dim) => dim >= 0 && Number.isInteger(dim))) return undefined;
  const index = new Array<number>(shape.length).fill(0);
  const out = new Array<number>(count);
  for (let flat = 0; flat < count; flat++) {
    out[flat] = pick(index);
    for (let d = shape.length - 1; d >= 0; d--) {
      index[d] = index[d]! + 1;
      if (index[d]! < shape[d]!) break;
      index[d] = 0;
    }
  }
  return out;
}

/** Where in a row-major tensor of `shape` the element is that broadcasting puts at `index`. */
export function broadcastOffset(shape: readonly number[], index: readonly number[]): number {
  let offset = 0;
  const skip = index.length - shape.length;
  for (let d = 0; d < shape.length; d++) {
    offset = offset * shape[d]! + (shape[d] === 1 ? 0 : index[d + skip]!);
  }
  return offset;
}

/** A fact with values, or without them where there are none. */
export function factOf(
  type: number,
  shape: readonly number[],
  values: readonly number[] | undefined,
): TensorFact {
  return values === undefined ? { type, shape } : { type, shape, values };
}
