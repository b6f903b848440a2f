import { useMemo } from 'react';
import type { ImageEntry } from '#core/ipc/schemas.ts';
import type { Problem } from '#core/problem.ts';
import type { Picture } from '../../canvas/pictureStage.ts';
import type { Size } from '../../canvas/viewport.ts';
import { usePictures } from '../../store/usePictures.ts';

export interface ShownPicture {
  readonly size: Size;
  readonly colour: Picture | null;
  readonly problem: Problem | null;
}

/** The decoded picture of an image as the stages take it. */
export function usePicture(image: ImageEntry | null): ShownPicture {
  const state = usePictures((pictures) => (image ? pictures.pictures.get(image.id) : undefined));
  const width = image?.width ?? 0;
  const height = image?.height ?? 0;
  return useMemo(() => {
    const picture = state?.status === 'ready' ? state.picture : null;
    return {
      size: { width, height },
      colour: picture,
      problem: state?.status === 'failed' ? state.problem : null,
    };
  }, [state, width, height]);
}
