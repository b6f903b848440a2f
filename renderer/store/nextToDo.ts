import type { ImageEntry } from '#core/ipc/schemas.ts';
import { FINISHED_STATES, type ReviewState } from '#core/review/review.ts';

/**
 * The next image after the chosen one, or before it, on which there is something to do: to do, in work or rejected.
 * It goes on at the other end; null where every other image is finished or cannot be opened.
 */
export function nextToDo(
  images: readonly ImageEntry[],
  imageId: number | null,
  direction: 1 | -1,
  stateOf: (imageId: number) => ReviewState,
): ImageEntry | null {
  const at = images.findIndex((image) => image.id === imageId);
  const from = at < 0 && direction < 0 ? 0 : at;
  for (let step = 1; step <= images.length; step++) {
    const image = images[(from + direction * step + images.length * 2) % images.length];
    if (!image || image.id === imageId || image.problem?.severity === 'error') continue;
    if (!FINISHED_STATES.has(stateOf(image.id))) return image;
  }
  return null;
}
