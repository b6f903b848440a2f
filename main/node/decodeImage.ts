import { corruptImage } from '#core/imaging/headers/imageProblems.ts';
import { orientImage } from '#core/imaging/orient.ts';
import { decodePng } from '#core/imaging/png/decodePng.ts';
import { pngToRgba } from '#core/imaging/png/pngToRgba.ts';
import { probeImage, type ImageHeader } from '#core/imaging/probeImage.ts';
import type { RgbaImage } from '#core/imaging/rgbaImage.ts';
import { decodeBmp } from '#core/imaging/decodeBmp.ts';
import { decodeJpeg, decodeWebp } from './wasmCodecs.ts';

/**
 * Decodes a whole image file, without a browser, to an upright picture: JPEG (libjpeg-turbo's arithmetic, as in
 * Chromium), PNG, WebP and BMP. Colour profiles are not applied.
 * `subject`: the name that messages start with.
 * Throws ProblemError as `probeImage` does, and image.corrupt where the picture data is damaged.
 */
export async function decodeImageFile(bytes: Uint8Array, subject: string): Promise<RgbaImage> {
  const header = probeImage(bytes, { subject });
  const stored = await decodeStored(bytes, header, subject);
  if (stored.width !== header.storedWidth || stored.height !== header.storedHeight) {
    throw corruptImage(
      subject,
      'image',
      `its header says ${header.storedWidth} x ${header.storedHeight} pixels, its data ${stored.width} x ${stored.height}`,
    );
  }
  return orientImage(stored, header.orientation);
}

function decodeStored(
  bytes: Uint8Array,
  header: ImageHeader,
  subject: string,
): Promise<RgbaImage> | RgbaImage {
  switch (header.format) {
    case 'jpeg':
      return decodeJpeg(bytes, subject);
    case 'webp':
      return decodeWebp(bytes, subject);
    case 'png':
      return pngToRgba(decodePng(bytes, subject), subject);
    case 'bmp':
      return decodeBmp(bytes, subject);
  }
}
