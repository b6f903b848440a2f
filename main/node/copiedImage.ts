import { readFile, stat } from 'node:fs/promises';
import { encode } from 'fast-png';
import { endingOf } from '#core/formats/flatNames.ts';
import { decodeImageFile } from './decodeImage.ts';
import { readImageHeader } from './readImageHeader.ts';

/** How a format takes the images that lie beside its masks. */
type CopyKind = 'as they are' | 'as PNG';

/**
 * The ending of an image's copy. An image that EXIF turns is copied upright, as PNG: its mask is upright, and many
 * tools that read both do not know EXIF. A file that cannot be read keeps its ending; the copy says why.
 */
export async function copyEnding(path: string, name: string, kind: CopyKind): Promise<string> {
  if (kind === 'as PNG') return '.png';
  const ending = endingOf(name).toLowerCase();
  try {
    const { size } = await stat(path);
    return readImageHeader(path, name, size).orientation === 1 ? ending : '.png';
  } catch {
    return ending;
  }
}

/** The bytes of the copy: the file's own, or the upright picture as PNG. Throws what decodeImageFile throws. */
export async function copyImage(path: string, name: string, ending: string): Promise<Uint8Array> {
  const bytes = await readFile(path);
  if (ending === endingOf(name).toLowerCase() && !isTurned(path, name, bytes.length)) return bytes;
  const { width, height, data } = await decodeImageFile(bytes, name);
  const rgb = new Uint8Array(width * height * 3);
  for (let from = 0, to = 0; from < data.length; from += 4, to += 3) {
    rgb[to] = data[from]!;
    rgb[to + 1] = data[from + 1]!;
    rgb[to + 2] = data[from + 2]!;
  }
  return encode({ width, height, data: rgb, channels: 3, depth: 8 });
}

/** A PNG, too, may say that it is to be turned. A file without a readable header is copied as it is. */
function isTurned(path: string, name: string, bytes: number): boolean {
  try {
    return readImageHeader(path, name, bytes).orientation !== 1;
  } catch {
    return false;
  }
}
