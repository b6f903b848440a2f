import { encode } from 'fast-png';
import type { RgbaImage } from '#core/imaging/rgbaImage.ts';
import type { ClassMap } from '#core/mask/classMap.ts';
import { colouriseDifference } from '#core/mask/colouriseDifference.ts';

/** How much of the picture's brightness stays under the difference, 0 to 1. */
const GREY_SHARE = 0.6;

/**
 * The picture in grey, and on it in two colours the pixels on which teacher and student disagree, as PNG.
 */
export function differencePicture(image: RgbaImage, teacher: ClassMap, student: ClassMap): Uint8Array {
  const claims = new Uint8ClampedArray(image.data.length);
  colouriseDifference(teacher, student, claims);
  const pixels = image.width * image.height;
  const rgb = new Uint8Array(pixels * 3);
  for (let n = 0; n < pixels; n++) {
    const from = n * 4;
    const to = n * 3;
    if (claims[from + 3] === 0) {
      // Rec. 601 luma, as every picture viewer greys.
      const luma = 0.299 * image.data[from]! + 0.587 * image.data[from + 1]! + 0.114 * image.data[from + 2]!;
      rgb.fill(Math.round(luma * GREY_SHARE), to, to + 3);
    } else {
      rgb.set(claims.subarray(from, from + 3), to);
    }
  }
  return encode({ width: image.width, height: image.height, data: rgb, channels: 3, depth: 8 });
}
