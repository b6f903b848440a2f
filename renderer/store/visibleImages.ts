import type { ImageEntry } from '#core/ipc/schemas.ts';
import type { ReviewState } from '#core/review/review.ts';
import { agreementOf, type ImageFigures } from './imageFigures.ts';
import type { LibrarySort } from './useProject.ts';

export interface LibraryQuery {
  readonly filter: string;
  readonly sort: LibrarySort;
  readonly figures: ReadonlyMap<number, ImageFigures>;
  /** Only images in this state; all where it is not given. */
  readonly reviewFilter?: ReviewState | 'all';
  /** Every image is to do where it is not given. */
  readonly reviewOf?: (imageId: number) => ReviewState;
}

/** What needs hands comes first. */
const REVIEW_ORDER: readonly ReviewState[] = ['rejected', 'work', 'todo', 'done', 'approved'];

/**
 * The images of the library in its order. The filter's words must all be in the name, in any order.
 * By disagreement: the least agreement first, images that were not compared yet after them, by name.
 * By review: rejected, in work, to do, done, approved, and by name among equals.
 */
export function visibleImages(
  images: readonly ImageEntry[],
  { filter, sort, figures, reviewFilter = 'all', reviewOf = () => 'todo' }: LibraryQuery,
): readonly ImageEntry[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const isShown = (image: ImageEntry): boolean =>
    words.every((word) => image.name.toLowerCase().includes(word)) &&
    (reviewFilter === 'all' || reviewOf(image.id) === reviewFilter);
  const found = words.length === 0 && reviewFilter === 'all' ? images : images.filter(isShown);
  switch (sort) {
    case 'name':
      return found;
    case 'disagreement':
      return sortBy(found, (image) => agreementOf(figures.get(image.id)) ?? 2);
    case 'review':
      return sortBy(found, (image) => REVIEW_ORDER.indexOf(reviewOf(image.id)));
  }
}

function sortBy(images: readonly ImageEntry[], rankOf: (image: ImageEntry) => number): readonly ImageEntry[] {
  return images
    .map((image, index) => ({ image, index, rank: rankOf(image) }))
    .sort((a, b) => a.rank - b.rank || a.index - b.index)
    .map(({ image }) => image);
}

/** The image `step` places from the chosen one, stopping at the ends; the first where none is chosen. */
export function neighbour(
  shown: readonly ImageEntry[],
  imageId: number | null,
  step: number,
): ImageEntry | null {
  const at = shown.findIndex((image) => image.id === imageId);
  if (at < 0) return shown[0] ?? null;
  return shown[Math.min(shown.length - 1, Math.max(0, at + step))] ?? null;
}
