import { encode } from 'fast-png';
import type { Rgb } from '../labels/rgb.ts';
import type { ClassMap } from '../mask/classMap.ts';

/** Pixels of three bytes each, as PNG of the same bytes every time. */
export function encodeRgbPng(width: number, height: number, data: Uint8Array): Uint8Array {
  return encode({ width, height, data, channels: 3, depth: 8 });
}

/** Values as grey PNG: 8 bits, or 16 where `depth` says so. */
export function encodeGreyPng(
  width: number,
  height: number,
  values: ArrayLike<number>,
  depth: 8 | 16,
): Uint8Array {
  const data = depth === 8 ? Uint8Array.from(values) : Uint16Array.from(values);
  return encode({ width, height, data, channels: 1, depth });
}

/** A class map as grey PNG of 8 bits, with the value of each id. */
export function encodeValuePng(
  { width, height, ids }: ClassMap,
  valueOf: (id: number) => number,
): Uint8Array {
  return encodeGreyPng(width, height, Uint8Array.from(ids, valueOf), 8);
}

/** A class map painted in colours. */
export function encodeColourPng({ width, height, ids }: ClassMap, colourOf: (id: number) => Rgb): Uint8Array {
  const colours = new Map<number, Rgb>();
  const data = new Uint8Array(ids.length * 3);
  for (let pixel = 0; pixel < ids.length; pixel++) {
    const id = ids[pixel]!;
    let colour = colours.get(id);
    if (!colour) colours.set(id, (colour = colourOf(id)));
    data.set(colour, pixel * 3);
  }
  return encodeRgbPng(width, height, data);
}
