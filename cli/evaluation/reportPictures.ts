import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { resizeRgba } from '#core/imaging/resize.ts';
import { decodeImageFile } from '../../main/node/decodeImage.ts';
import { findImageFolder } from '../../main/node/imageFolder.ts';
import { REPORT_PICTURE } from '../../main/node/writeReport.ts';
import { encodeJpeg } from '../scenes/encodeJpeg.ts';

/** Small JPEGs of the images in a folder; null for one that is no longer there, or cannot be read. */
export async function reportPictures(folder: string): Promise<(name: string) => Promise<Uint8Array | null>> {
  const images = await findImageFolder(folder).catch(() => folder);
  return (name) => smallPicture(join(images, name), name).catch(() => null);
}

async function smallPicture(path: string, name: string): Promise<Uint8Array> {
  const image = await decodeImageFile(await readFile(path), name);
  const scale = Math.min(1, REPORT_PICTURE.side / Math.max(image.width, image.height));
  const small = resizeRgba(image, {
    width: Math.max(1, Math.round(image.width * scale)),
    height: Math.max(1, Math.round(image.height * scale)),
    filter: 'bilinear',
  });
  return encodeJpeg(small, REPORT_PICTURE.quality);
}
