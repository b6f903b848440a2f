import { decodePng } from '../imaging/png/decodePng.ts';
import { findClass, largestId, type ClassTable } from '../labels/classTable.ts';
import type { Rgb } from '../labels/rgb.ts';
import { createClassIds } from '../mask/classMap.ts';
import { ProblemError } from '../problem.ts';
import { decodeMaskPng } from './indexedPng.ts';
import type { ReadMask, UnknownValue } from './maskFormat.ts';

/**
 * A mask whose stored values are numbers. `idOf`: the id of `classTable` of a value, or null for one that the format
 * does not declare. Throws what decodeMaskPng throws.
 */
export function readValueMask(
  bytes: Uint8Array,
  subject: string,
  classTable: ClassTable,
  idOf: (value: number) => number | null,
): ReadMask {
  const { width, height, ids: values } = decodeMaskPng(bytes, subject);
  return translate({ width, height, length: values.length }, classTable, (pixel) => values[pixel]!, {
    idOf,
    nameOf: (value) => `value ${value}`,
  });
}

/** `#a0b0c0` as a number. */
export const packRgb = ([red, green, blue]: Rgb): number => (red << 16) | (green << 8) | blue;

/** The RGB values of a PNG of colours, packed, as stored. Throws `mask.notRgb`. */
export function readRgbValues(
  bytes: Uint8Array,
  subject: string,
): { readonly width: number; readonly height: number; readonly values: Uint32Array } {
  const png = decodePng(bytes, subject);
  const { width, height, channels, samples, colourType, palette } = png;
  const values = new Uint32Array(width * height);
  if (colourType === 3) {
    for (let pixel = 0; pixel < values.length; pixel++) {
      const at = samples[pixel]! * 3;
      values[pixel] = packRgb([palette[at] ?? 0, palette[at + 1] ?? 0, palette[at + 2] ?? 0]);
    }
  } else if (channels >= 3 && samples instanceof Uint8Array) {
    for (let pixel = 0, at = 0; pixel < values.length; pixel++, at += channels) {
      values[pixel] = (samples[at]! << 16) | (samples[at + 1]! << 8) | samples[at + 2]!;
    }
  } else {
    throw new ProblemError({
      code: 'mask.notRgb',
      title: 'not a PNG of 8-bit colours',
      subject,
      hint: 'In this format a colour stands for a class: save the mask as RGB PNG',
    });
  }
  return { width, height, values };
}

/** A mask whose colours stand for classes. Throws what readRgbValues throws, and for a file that is no PNG. */
export function readColourMask(
  bytes: Uint8Array,
  subject: string,
  classTable: ClassTable,
  idOf: (packed: number) => number | null,
): ReadMask {
  if (!isPng(bytes)) decodeMaskPng(bytes, subject);
  const { width, height, values } = readRgbValues(bytes, subject);
  return translate({ width, height, length: values.length }, classTable, (pixel) => values[pixel]!, {
    idOf,
    nameOf: (packed) => `#${packed.toString(16).padStart(6, '0')}`,
  });
}

export function isPng(bytes: Uint8Array): boolean {
  return (
    bytes.length > 25 && bytes[0] === 0x89 && bytes[1] === 0x50 && bytes[2] === 0x4e && bytes[3] === 0x47
  );
}

/** Whether a PNG stores colours, not numbers. */
export function isRgbPng(bytes: Uint8Array): boolean {
  return isPng(bytes) && (bytes[25] === 2 || bytes[25] === 6);
}

/** Value to id for tables whose values are their ids, ignored ones included. */
export function ownIds(table: ClassTable, ignored: readonly number[]): (value: number) => number | null {
  const ignore = new Set<number>([...ignored, table.ignoreId]);
  return (value) => (ignore.has(value) ? table.ignoreId : findClass(table, value) ? value : null);
}

function translate(
  { width, height, length }: { width: number; height: number; length: number },
  classTable: ClassTable,
  valueAt: (pixel: number) => number,
  { idOf, nameOf }: { idOf: (value: number) => number | null; nameOf: (value: number) => string },
): ReadMask {
  const ids = createClassIds(length, largestId(classTable));
  const known = new Map<number, number>();
  const unknown = new Map<number, number>();
  let last = -1;
  let lastId = 0;
  for (let pixel = 0; pixel < length; pixel++) {
    const value = valueAt(pixel);
    if (value !== last) {
      let id = known.get(value);
      if (id === undefined) {
        const found = idOf(value);
        if (found === null) unknown.set(value, 0);
        known.set(value, (id = found ?? classTable.ignoreId));
      }
      last = value;
      lastId = id;
    }
    ids[pixel] = lastId;
    const missed = unknown.size > 0 ? unknown.get(value) : undefined;
    if (missed !== undefined) unknown.set(value, missed + 1);
  }
  const listed: UnknownValue[] = [...unknown]
    .sort((a, b) => a[0] - b[0])
    .map(([value, pixels]) => ({ value: nameOf(value), pixels }));
  return { classMap: { width, height, ids }, unknown: listed };
}
