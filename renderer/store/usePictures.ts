import { create } from 'zustand';
import type { ImageEntry } from '#core/ipc/schemas.ts';
import type { Problem } from '#core/problem.ts';

export interface DecodedPicture {
  readonly colour: ImageBitmap;
  /** The same without colour and darker, for what is drawn over it. */
  readonly grey: ImageBitmap;
}

type PictureState =
  | { readonly status: 'loading' }
  | { readonly status: 'ready'; readonly picture: DecodedPicture }
  | { readonly status: 'failed'; readonly problem: Problem };

interface PicturesState {
  readonly pictures: ReadonlyMap<number, PictureState>;
  /** Decodes a picture off the window's thread, once. */
  readonly load: (image: ImageEntry) => void;
  readonly clear: () => void;
}

/** Bytes of decoded pixels that are kept; the picture asked for longest ago goes first. */
const BUDGET = 512 * 1024 * 1024;
const GREY_LEVEL = 0.45;

export const usePictures = create<PicturesState>()((set, get) => {
  let epoch = 0;
  const put = (imageId: number, state: PictureState): void => {
    const pictures = new Map(get().pictures);
    pictures.delete(imageId);
    pictures.set(imageId, state);
    let bytes = 0;
    for (const [id, old] of [...pictures].reverse()) {
      if (old.status !== 'ready') continue;
      bytes += old.picture.colour.width * old.picture.colour.height * 8;
      // Not closed: a stage may still be drawing it. It goes when nobody holds it.
      if (bytes > BUDGET && id !== imageId) pictures.delete(id);
    }
    set({ pictures });
  };
  return {
    pictures: new Map(),
    load(image) {
      if (image.problem?.severity === 'error') return;
      const known = get().pictures.get(image.id);
      if (known && known.status !== 'failed') return;
      put(image.id, { status: 'loading' });
      const begun = epoch;
      decode(image.url).then(
        (picture) => {
          if (begun === epoch) put(image.id, { status: 'ready', picture });
        },
        (error: unknown) => {
          if (begun !== epoch) return;
          put(image.id, {
            status: 'failed',
            problem: {
              code: 'image.undecodable',
              severity: 'error',
              title: 'the picture cannot be decoded',
              subject: image.name,
              detail: error instanceof Error ? error.message : undefined,
              hint: 'It may be damaged: open it in an image viewer and save it again',
            },
          });
        },
      );
    },
    clear() {
      epoch++;
      set({ pictures: new Map() });
    },
  };
});

async function decode(url: string): Promise<DecodedPicture> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(await response.text());
  const colour = await createImageBitmap(await response.blob(), {
    imageOrientation: 'from-image',
    colorSpaceConversion: 'none',
  });
  return { colour, grey: makeGrey(colour) };
}

function makeGrey(colour: ImageBitmap): ImageBitmap {
  const canvas = new OffscreenCanvas(colour.width, colour.height);
  const context = canvas.getContext('2d')!;
  context.drawImage(colour, 0, 0);
  context.globalCompositeOperation = 'saturation';
  context.fillStyle = '#808080';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.globalCompositeOperation = 'source-over';
  context.fillStyle = `rgba(0, 0, 0, ${1 - GREY_LEVEL})`;
  context.fillRect(0, 0, canvas.width, canvas.height);
  return canvas.transferToImageBitmap();
}
