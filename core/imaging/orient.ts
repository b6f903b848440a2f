import type { RgbaImage } from './rgbaImage.ts';

/** EXIF orientation: how the stored picture is turned into the upright one; 1 leaves it as it is. */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

/** What has to be done to the stored picture, in words, for messages. */
export const ORIENTATION_WORDS: Readonly<Record<Orientation, string>> = {
  1: 'as stored',
  2: 'mirrored left to right',
  3: 'turned by 180 degrees',
  4: 'mirrored top to bottom',
  5: 'mirrored along the main diagonal',
  6: 'turned by 90 degrees clockwise',
  7: 'mirrored along the other diagonal',
  8: 'turned by 90 degrees counterclockwise',
};

/** True where width and height change places. */
export function swapsAxes(orientation: Orientation): boolean {
  return orientation >= 5;
}

/**
 * The upright picture of a stored one; the same object where nothing changes.
 * Source: EXIF 2.32, tag 0x0112. Same result as Pillow's `ImageOps.exif_transpose`.
 */
export function orientImage(stored: RgbaImage, orientation: Orientation): RgbaImage {
  if (orientation === 1) return stored;
  const { width: storedWidth, height: storedHeight } = stored;
  const swap = swapsAxes(orientation);
  const width = swap ? storedHeight : storedWidth;
  const height = swap ? storedWidth : storedHeight;
  const bytes = stored.data.byteOffset % 4 === 0 ? stored.data : stored.data.slice();
  const from = new Uint32Array(bytes.buffer, bytes.byteOffset, storedWidth * storedHeight);
  const to = new Uint32Array(width * height);
  const { start, stepX, stepY } = walk(orientation, storedWidth, storedHeight);
  let target = 0;
  for (let y = 0; y < height; y++) {
    let source = start + y * stepY;
    for (let x = 0; x < width; x++) {
      to[target++] = from[source]!;
      source += stepX;
    }
  }
  return { width, height, data: new Uint8ClampedArray(to.buffer) };
}

/** Where the upright picture's first pixel is stored, and how far apart its columns and rows are. */
function walk(orientation: Orientation, width: number, height: number) {
  const last = width * height - 1;
  const bottomLeft = (height - 1) * width;
  switch (orientation) {
    case 1:
      return { start: 0, stepX: 1, stepY: width };
    case 2:
      return { start: width - 1, stepX: -1, stepY: width };
    case 3:
      return { start: last, stepX: -1, stepY: -width };
    case 4:
      return { start: bottomLeft, stepX: 1, stepY: -width };
    case 5:
      return { start: 0, stepX: width, stepY: 1 };
    case 6:
      return { start: bottomLeft, stepX: -width, stepY: 1 };
    case 7:
      return { start: last, stepX: -width, stepY: -1 };
    case 8:
      return { start: width - 1, stepX: width, stepY: -1 };
  }
}
