import { unzlibSync } from 'fflate';
import { crc32 } from '../../crc32.ts';
import { corruptImage, truncatedImage } from '../headers/imageProblems.ts';
import { PNG_COLOUR_TYPES } from '../headers/pngHeader.ts';
import { probeImage, type ImageHeader } from '../probeImage.ts';
import { unpackPass, type PngPass } from './unpackPass.ts';

/** A PNG's stored samples: nothing scaled, no palette applied. */
export interface PngSamples {
  readonly header: ImageHeader;
  /** 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGBA. */
  readonly colourType: number;
  /** As stored, before EXIF orientation. */
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  /** One per channel and pixel, interleaved, row-major, 0 to 2^bitDepth - 1; Uint16Array where bitDepth is 16. */
  readonly samples: Uint8Array | Uint16Array;
  /** RGB triples, empty where there is none. */
  readonly palette: Uint8Array;
  /** The tRNS chunk as stored, empty where there is none. */
  readonly transparency: Uint8Array;
}

/**
 * Decodes a PNG of any colour type, bit depth and interlacing. Checksums of all critical chunks are checked.
 * Why not a library: fast-png gives packed indices, and wrong ones where fewer than 8 bits are interlaced.
 * Throws ProblemError as `probeImage` does, and image.corrupt. Source: PNG specification, third edition.
 */
export function decodePng(bytes: Uint8Array, subject: string): PngSamples {
  const header = probeImage(bytes, { subject });
  if (header.format !== 'png') throw new TypeError(`${subject} is not a PNG`);
  const { storedWidth: width, storedHeight: height, bitDepth } = header;
  const { colourType, interlace, palette, transparency, compressed } = readChunks(bytes, subject);
  const channels = PNG_COLOUR_TYPES[colourType]!.channels;
  if (colourType === 3 && palette.length === 0) throw corruptImage(subject, 'PNG', 'it has no palette');

  const passes = interlace ? adam7Passes(width, height) : [wholePass(width, height)];
  const bitsPerPixel = bitDepth * channels;
  const rowBytes = (pass: PngPass) => Math.ceil((pass.width * bitsPerPixel) / 8);
  const rawBytes = passes.reduce((sum, pass) => sum + (rowBytes(pass) + 1) * pass.height, 0);
  const raw = inflate(compressed, rawBytes, subject);
  const length = width * height * channels;
  const samples = bitDepth === 16 ? new Uint16Array(length) : new Uint8Array(length);
  let offset = 0;
  for (const pass of passes) {
    const passBytes = (rowBytes(pass) + 1) * pass.height;
    const rows = raw.subarray(offset, offset + passBytes);
    const badFilter = unpackPass({
      rows,
      rowBytes: rowBytes(pass),
      pass,
      bitDepth,
      channels,
      samples,
      width,
    });
    if (badFilter !== null) throw corruptImage(subject, 'PNG', `row filter ${badFilter} does not exist`);
    offset += passBytes;
  }
  return { header, colourType, width, height, channels, samples, palette, transparency };
}

interface Chunks {
  colourType: number;
  interlace: boolean;
  palette: Uint8Array;
  transparency: Uint8Array;
  compressed: Uint8Array;
}

function readChunks(bytes: Uint8Array, subject: string): Chunks {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const none = new Uint8Array(0);
  const found: Chunks = {
    colourType: bytes[25]!,
    interlace: bytes[28] === 1,
    palette: none,
    transparency: none,
    compressed: none,
  };
  if (bytes[26] !== 0 || bytes[27] !== 0 || bytes[28]! > 1) {
    throw corruptImage(subject, 'PNG', 'its compression, filter or interlace method does not exist');
  }
  const parts: Uint8Array[] = [];
  let offset = 8;
  for (;;) {
    if (offset + 12 > bytes.length) throw truncatedImage(subject, 'PNG', bytes.length);
    const length = view.getUint32(offset);
    const end = offset + 8 + length;
    if (end + 4 > bytes.length) throw truncatedImage(subject, 'PNG', bytes.length);
    const tag = String.fromCharCode(...bytes.subarray(offset + 4, offset + 8));
    const critical = (bytes[offset + 4]! & 0x20) === 0;
    if (critical && crc32(bytes.subarray(offset + 4, end)) !== view.getUint32(end)) {
      throw corruptImage(subject, 'PNG', `chunk ${tag} at byte ${offset} fails its checksum`);
    }
    const body = bytes.subarray(offset + 8, end);
    if (tag === 'PLTE') found.palette = body;
    else if (tag === 'tRNS') found.transparency = body;
    else if (tag === 'IDAT') parts.push(body);
    else if (tag === 'IEND') break;
    else if (critical && tag !== 'IHDR') {
      throw corruptImage(subject, 'PNG', `chunk ${tag} at byte ${offset} is not known`);
    }
    offset = end + 4;
  }
  found.compressed = concatenate(parts);
  return found;
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1) return parts[0]!;
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/** Never more than `expected` bytes, whatever the stream holds: surplus is ignored, as by libpng. */
function inflate(compressed: Uint8Array, expected: number, subject: string): Uint8Array {
  let raw: Uint8Array;
  try {
    raw = unzlibSync(compressed, { out: new Uint8Array(expected) });
  } catch (error) {
    throw corruptImage(subject, 'PNG', 'its compressed data cannot be read', { cause: error });
  }
  if (raw.length < expected) {
    throw corruptImage(subject, 'PNG', `${raw.length} of ${expected} bytes of picture data`);
  }
  return raw;
}

const wholePass = (width: number, height: number): PngPass => ({
  left: 0,
  top: 0,
  stepX: 1,
  stepY: 1,
  width,
  height,
});

const ADAM7: readonly (readonly [left: number, top: number, stepX: number, stepY: number])[] = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
];

function adam7Passes(width: number, height: number): PngPass[] {
  return ADAM7.map(([left, top, stepX, stepY]) => ({
    left,
    top,
    stepX,
    stepY,
    width: Math.max(0, Math.ceil((width - left) / stepX)),
    height: Math.max(0, Math.ceil((height - top) / stepY)),
  })).filter((pass) => pass.width > 0 && pass.height > 0);
}
