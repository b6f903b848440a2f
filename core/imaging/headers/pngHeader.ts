import { exifOrientation } from '../exif.ts';
import type { Orientation } from '../orient.ts';
import type { FileWindow } from './fileWindow.ts';
import { corruptImage, truncatedImage } from './imageProblems.ts';
import type { ImageColour, RawHeader } from './rawHeader.ts';

const IEND = [0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82];

/** Colour type: what it is called, its channels, and the bit depths that it may have. */
export const PNG_COLOUR_TYPES: Readonly<
  Record<number, { colour: ImageColour; channels: number; hasAlpha: boolean; depths: readonly number[] }>
> = {
  0: { colour: 'grey', channels: 1, hasAlpha: false, depths: [1, 2, 4, 8, 16] },
  2: { colour: 'rgb', channels: 3, hasAlpha: false, depths: [8, 16] },
  3: { colour: 'palette', channels: 1, hasAlpha: false, depths: [1, 2, 4, 8] },
  4: { colour: 'grey', channels: 2, hasAlpha: true, depths: [8, 16] },
  6: { colour: 'rgb', channels: 4, hasAlpha: true, depths: [8, 16] },
};

/**
 * Reads IHDR, and eXIf and tRNS where they stand before the picture data (eXIf after it is seen only
 * where the chunks between were given). Source: PNG specification, third edition.
 */
export function readPngHeader(file: FileWindow, subject: string): RawHeader {
  const width = file.uint32(16);
  const height = file.uint32(20);
  const depth = file.uint8(24);
  const colourType = file.uint8(25);
  if (width === null || height === null || depth === null || colourType === null) {
    throw truncatedImage(subject, 'PNG', file.fileBytes);
  }
  if (file.tag(12) !== 'IHDR') throw corruptImage(subject, 'PNG', 'it does not start with an IHDR chunk');
  const type = PNG_COLOUR_TYPES[colourType];
  if (!type) throw corruptImage(subject, 'PNG', `colour type ${colourType} does not exist`);
  if (!type.depths.includes(depth)) {
    throw corruptImage(subject, 'PNG', `colour type ${colourType} with ${depth} bits does not exist`);
  }
  const { orientation, transparency } = readAncillary(file);
  return {
    format: 'png',
    width,
    height,
    orientation,
    bitDepth: depth,
    channels: type.channels,
    colour: type.colour,
    hasAlpha: type.hasAlpha || transparency,
    truncated: !file.hasAfter(33, IEND),
  };
}

function readAncillary(file: FileWindow): { orientation: Orientation; transparency: boolean } {
  let orientation: Orientation = 1;
  let transparency = false;
  let offset = 8;
  for (;;) {
    const length = file.uint32(offset);
    const tag = file.tag(offset + 4);
    if (length === null || tag === null || tag === 'IEND') return { orientation, transparency };
    if (tag === 'tRNS') transparency = true;
    if (tag === 'eXIf') {
      const block = file.slice(offset + 8, length);
      if (block) orientation = exifOrientation(block);
    }
    offset += 12 + length;
  }
}
