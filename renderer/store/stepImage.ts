import type { ImageEntry } from '#core/ipc/schemas.ts';
import { useFigures } from './useFigures.ts';
import { useProject } from './useProject.ts';
import { reviewStateOf } from './useReviews.ts';
import { neighbour, visibleImages, type LibraryQuery } from './visibleImages.ts';

/** The images of the library as it is filtered and sorted now, or with another `query`. */
export function libraryImages(query: Partial<LibraryQuery> = {}): readonly ImageEntry[] {
  const { project, filter, sort, reviewFilter } = useProject.getState();
  const { figures } = useFigures.getState();
  return visibleImages(project?.images ?? [], {
    filter,
    sort,
    reviewFilter,
    figures,
    reviewOf: reviewStateOf,
    ...query,
  });
}

/** Goes `step` images on in the library as it is filtered and sorted; infinite steps go to the ends. */
export function stepImage(step: number): void {
  const { imageId, selectImage } = useProject.getState();
  const next = neighbour(libraryImages(), imageId, step);
  if (next) selectImage(next.id);
}
