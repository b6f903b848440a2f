import type { RgbaImage } from '#core/imaging/rgbaImage.ts';
import { ProblemError } from '#core/problem.ts';

/** An image file as upright RGBA, its colour values as they are stored: no profile, no premultiplication. */
export async function decodeImage(file: Blob, name: string): Promise<RgbaImage> {
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(file, {
      imageOrientation: 'from-image',
      colorSpaceConversion: 'none',
      premultiplyAlpha: 'none',
    });
  } catch (error) {
    throw new ProblemError(
      {
        code: 'image.undecodable',
        title: 'the picture cannot be decoded',
        subject: name,
        hint: 'It may be damaged: open it in an image viewer and save it again',
      },
      { cause: error },
    );
  }
  try {
    const { width, height } = bitmap;
    const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
    if (!context) throw new Error('no 2d context');
    context.drawImage(bitmap, 0, 0);
    return { width, height, data: context.getImageData(0, 0, width, height).data };
  } finally {
    bitmap.close();
  }
}
