import { readBmpLayout, type BmpLayout } from './headers/bmpHeader.ts';
import { FileWindow } from './headers/fileWindow.ts';
import { corruptImage } from './headers/imageProblems.ts';
import type { RgbaImage } from './rgbaImage.ts';

/**
 * Decodes an uncompressed BMP that `probeImage` has accepted: 1, 4 and 8 bits with a palette, 24 and 32 bits.
 * Alpha is 255 everywhere. Throws ProblemError image.corrupt for an index outside the palette.
 */
export function decodeBmp(bytes: Uint8Array, subject: string): RgbaImage {
  const layout = readBmpLayout(new FileWindow({ head: bytes, fileBytes: bytes.length }), subject);
  const { width, height, bitsPerPixel } = layout;
  const data = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y++) {
    const row = layout.pixelOffset + (layout.topDown ? y : height - 1 - y) * layout.rowBytes;
    for (let x = 0; x < width; x++) {
      const from =
        bitsPerPixel >= 24 ? row + x * (bitsPerPixel >> 3) : paletteOffset(bytes, layout, row, x, subject);
      const target = (y * width + x) * 4;
      data[target] = bytes[from + 2]!;
      data[target + 1] = bytes[from + 1]!;
      data[target + 2] = bytes[from]!;
      data[target + 3] = 255;
    }
  }
  return { width, height, data };
}

function paletteOffset(
  bytes: Uint8Array,
  layout: BmpLayout,
  row: number,
  x: number,
  subject: string,
): number {
  const { bitsPerPixel, paletteEntries } = layout;
  const bit = x * bitsPerPixel;
  const shift = 8 - bitsPerPixel - (bit & 7);
  const index = (bytes[row + (bit >> 3)]! >> shift) & ((1 << bitsPerPixel) - 1);
  if (index >= paletteEntries) {
    throw corruptImage(subject, 'BMP', `palette index ${index}, but only ${paletteEntries} colours`);
  }
  return layout.paletteOffset + index * layout.paletteStep;
}
