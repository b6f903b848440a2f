import type { Orientation } from './orient.ts';

const ORIENTATION_TAG = 0x0112;

/**
 * The orientation that an EXIF block (a TIFF header and its first directory) states, in either byte order.
 * 1 where there is none, or none that makes sense: a broken EXIF block does not make a picture unreadable.
 */
export function exifOrientation(block: Uint8Array): Orientation {
  const tiff = startsWithExif(block) ? block.subarray(6) : block;
  if (tiff.length < 8) return 1;
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength);
  const order = view.getUint16(0, false);
  if (order !== 0x4949 && order !== 0x4d4d) return 1;
  const little = order === 0x4949;
  if (view.getUint16(2, little) !== 42) return 1;
  const directory = view.getUint32(4, little);
  if (directory + 2 > tiff.length) return 1;
  const entries = view.getUint16(directory, little);
  for (let index = 0; index < entries; index++) {
    const entry = directory + 2 + index * 12;
    if (entry + 12 > tiff.length) return 1;
    if (view.getUint16(entry, little) !== ORIENTATION_TAG) continue;
    // A SHORT is what the standard says; some writers use a LONG.
    const type = view.getUint16(entry + 2, little);
    const value = type === 4 ? view.getUint32(entry + 8, little) : view.getUint16(entry + 8, little);
    return value >= 1 && value <= 8 ? (value as Orientation) : 1;
  }
  return 1;
}

/** JPEG puts `Exif\0\0` before the TIFF header, and some WebP writers do so too. */
export function startsWithExif(block: Uint8Array): boolean {
  return (
    block.length >= 6 &&
    block[0] === 0x45 &&
    block[1] === 0x78 &&
    block[2] === 0x69 &&
    block[3] === 0x66 &&
    block[4] === 0 &&
    block[5] === 0
  );
}
