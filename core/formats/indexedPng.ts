import { zlibSync } from 'fflate';
import { crc32 } from '../crc32.ts';
import { decodePng } from '../imaging/png/decodePng.ts';
import type { ClassMap } from '../mask/classMap.ts';
import type { Rgb } from '../labels/rgb.ts';
import { ProblemError } from '../problem.ts';

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

export interface EncodeIndexedPngOptions {
  /** The colour of each id from 0 to 255; not asked for 16-bit grey. */
  palette: (id: number) => Rgb;
  /** The largest id that a mask of this set may have, so that all are written alike. Default: this mask's. */
  maxId?: number;
}

/**
 * A class map as PNG: palette PNG (colour type 3, 8 bits, 256 colours, index = class id) where ids fit into a
 * byte, else 16-bit grey (value = class id). The same map always gives the same bytes.
 */
export function encodeIndexedPng(classMap: ClassMap, options: EncodeIndexedPngOptions): Uint8Array {
  const { width, height, ids } = classMap;
  if (ids.length !== width * height) {
    throw new RangeError(`${ids.length} ids for ${width} x ${height} pixels`);
  }
  let maxId = options.maxId ?? 0;
  for (const id of ids) if (id > maxId) maxId = id;
  const wide = maxId > 255;

  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header[8] = wide ? 16 : 8;
  header[9] = wide ? 0 : 3;

  const chunks = [Uint8Array.from(SIGNATURE), chunk('IHDR', header)];
  if (!wide) chunks.push(chunk('PLTE', paletteBytes(options.palette)));
  chunks.push(chunk('IDAT', zlibSync(filteredRows(classMap, wide), { level: 6 })));
  chunks.push(chunk('IEND', new Uint8Array(0)));
  return concatenate(chunks);
}

/**
 * The ids that a mask PNG stores: palette indices (1 to 8 bits) or grey values (1 to 16 bits), interlaced or not.
 * Throws ProblemError: mask.notPng, mask.rgb, and what `probeImage` throws for a broken or huge PNG.
 */
export function decodeMaskPng(bytes: Uint8Array, subject: string): ClassMap {
  if (!SIGNATURE.every((value, index) => bytes[index] === value)) {
    throw new ProblemError({
      code: 'mask.notPng',
      title: bytes.length === 0 ? 'empty file (0 bytes), not a PNG' : 'not a PNG',
      subject,
      hint: 'Masks are PNG files whose palette indices or grey values are class ids; other formats change the values',
    });
  }
  const colourType = bytes[25];
  if (colourType === 2 || colourType === 4 || colourType === 6) {
    const found = colourType === 2 ? 'RGB colours' : colourType === 6 ? 'RGBA colours' : 'grey with alpha';
    throw new ProblemError({
      code: 'mask.rgb',
      title: `${found} instead of class ids`,
      subject,
      hint: 'Save it as a palette or grey PNG whose values are class ids',
    });
  }
  const { width, height, samples } = decodePng(bytes, subject);
  return { width, height, ids: samples };
}

/** Rows of one byte per pixel, or two (big-endian) where wide, each behind its filter byte. */
function filteredRows({ width, height, ids }: ClassMap, wide: boolean): Uint8Array {
  const step = 1 + width * (wide ? 2 : 1);
  const rows = new Uint8Array(step * height);
  for (let y = 0; y < height; y++) {
    let target = y * step + 1;
    if (!wide) {
      rows.set(ids.subarray(y * width, (y + 1) * width), target);
      continue;
    }
    for (let x = 0; x < width; x++) {
      const id = ids[y * width + x]!;
      rows[target++] = id >> 8;
      rows[target++] = id;
    }
  }
  // Filter Up, from the last row: masks change little from row to row, and long runs of zeros deflate six times
  // faster than the ids themselves, and smaller.
  for (let y = height - 1; y > 0; y--) {
    const start = y * step;
    rows[start] = 2;
    for (let at = start + 1; at < start + step; at++) rows[at] = rows[at]! - rows[at - step]!;
  }
  return rows;
}

function paletteBytes(palette: (id: number) => Rgb): Uint8Array {
  const bytes = new Uint8Array(256 * 3);
  for (let id = 0; id < 256; id++) bytes.set(palette(id), id * 3);
  return bytes;
}

function chunk(tag: string, body: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(body.length + 12);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, body.length);
  for (let index = 0; index < 4; index++) bytes[4 + index] = tag.charCodeAt(index);
  bytes.set(body, 8);
  view.setUint32(body.length + 8, crc32(bytes.subarray(4, body.length + 8)));
  return bytes;
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
