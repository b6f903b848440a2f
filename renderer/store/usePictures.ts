import { create } from 'zustand';
import type { ImageEntry } from '#core/ipc/schemas.ts';
import type { Problem } from '#core/problem.ts';

type PictureState =
  | { readonly status: 'loading' }
  | { readonly status: 'ready'; readonly picture: ImageBitmap }
  | { readonly status: 'failed'; readonly problem: Problem };

interface PicturesState {
  readonly pictures: ReadonlyMap<number, PictureState>;
  /** Decodes a picture off the window's thread, once. */
  readonly load: (image: ImageEntry) => void;
  readonly clear: () => void;
}

/** Bytes of decoded pixels that are kept; the picture asked for longest ago goes first. */
const BUDGET = 512 * 1024 * 1024;

export const usePictures = create<PicturesState>()((set, get) => {
  let epoch = 0;
  const put = (imageId: number, state: PictureState): void => {
    const pictures = new Map(get().pictures);
    pictures.delete(imageId);
    pictures.set(imageId, state);
    let bytes = 0;
    for (const [id, old] of [...pictures].reverse()) {
      if (old.status !== 'ready') continue;
      bytes += old.picture.width * old.picture.height * 4;
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

async function decode(url: string): Promise<ImageBitmap> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(await response.text());
  return createImageBitmap(await response.blob(), {
    imageOrientation: 'from-image',
    colorSpaceConversion: 'none',
  });
}
