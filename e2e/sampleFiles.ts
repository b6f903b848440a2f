import { readFile } from 'node:fs/promises';
import { exifBlock } from '../main/node/testing/imageBytes.ts';
import { inRepository } from '../scripts/repository.ts';

/** The bytes of a picture and of its mask from the embedded samples. `number`: 1 to 16. */
export async function sampleScene(number: number): Promise<{ image: Buffer; mask: Buffer }> {
  const name = `scene_${String(number).padStart(5, '0')}`;
  const [image, mask] = await Promise.all([
    readFile(inRepository('samples/images', `${name}.jpg`)),
    readFile(inRepository('samples/masks', `${name}.png`)),
  ]);
  return { image, mask };
}

/** The same JPEG file, said by its EXIF block to be turned. */
export function withOrientation(jpeg: Buffer, orientation: number): Buffer {
  const exif = Buffer.from(exifBlock(orientation));
  const marker = Buffer.from([0xff, 0xe1, 0, exif.length + 2]);
  return Buffer.concat([jpeg.subarray(0, 2), marker, exif, jpeg.subarray(2)]);
}
