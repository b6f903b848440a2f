import { cp, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
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

/** Copies sample scenes, `scene_00001`, with their masks into images/ and masks/ of a folder. */
export async function copyScenes(folder: string, scenes: readonly string[]): Promise<void> {
  for (const [kind, ending] of [
    ['images', 'jpg'],
    ['masks', 'png'],
  ] as const) {
    await mkdir(join(folder, kind));
    for (const scene of scenes) {
      const file = `${scene}.${ending}`;
      await cp(inRepository('samples', kind, file), join(folder, kind, file));
    }
  }
}

/** The same JPEG file, said by its EXIF block to be turned. */
export function withOrientation(jpeg: Buffer, orientation: number): Buffer {
  const exif = Buffer.from(exifBlock(orientation));
  const marker = Buffer.from([0xff, 0xe1, 0, exif.length + 2]);
  return Buffer.concat([jpeg.subarray(0, 2), marker, exif, jpeg.subarray(2)]);
}
