import type { PixelRect } from '#core/geometry.ts';
import { PictureColours } from '#core/mask/pictureColours.ts';
import { Superpixels } from '#core/mask/superpixels.ts';
import { useMask } from '../store/useMask.ts';
import { usePictures } from '../store/usePictures.ts';

let colours: { readonly picture: ImageBitmap; readonly of: PictureColours } | null = null;
let superpixels: { readonly colours: PictureColours; readonly of: Superpixels } | null = null;

/** The colours of the open image; null before it is decoded. */
export function currentColours(): PictureColours | null {
  const { imageId } = useMask.getState();
  const state = imageId === null ? undefined : usePictures.getState().pictures.get(imageId);
  if (state?.status !== 'ready') return null;
  const { picture } = state;
  if (colours?.picture !== picture) {
    const { width, height } = picture;
    colours = { picture, of: new PictureColours(width, height, (rect) => readPixels(picture, rect)) };
  }
  return colours.of;
}

/** The superpixels of the open image, `step` image pixels apart; null before it is decoded. */
export function currentSuperpixels(step: number): Superpixels | null {
  const found = currentColours();
  if (!found) return null;
  if (superpixels?.colours !== found || superpixels.of.step !== step) {
    superpixels = { colours: found, of: new Superpixels(found, step) };
  }
  return superpixels.of;
}

let scratch: OffscreenCanvasRenderingContext2D | null = null;

function readPixels(picture: ImageBitmap, { x, y, width, height }: PixelRect): Uint8ClampedArray {
  // Read back at once: a canvas on a graphics card would be slower.
  scratch ??= new OffscreenCanvas(256, 256).getContext('2d', { willReadFrequently: true });
  if (!scratch) return new Uint8ClampedArray(width * height * 4);
  scratch.clearRect(0, 0, width, height);
  scratch.drawImage(picture, x, y, width, height, 0, 0, width, height);
  return scratch.getImageData(0, 0, width, height).data;
}
