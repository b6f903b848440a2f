import type { ImageEntry } from '#core/ipc/schemas.ts';
import { agreementOf, type ImageFigures } from './imageFigures.ts';
import type { LibrarySort } from './useProject.ts';

export interface LibraryQuery {
  readonly filter: string;
  readonly sort: LibrarySort;
  readonly figures: ReadonlyMap<number, ImageFigures>;
}

/**
 * The images of the library in its order. The filter's words must all be in the name, in any order.
 * By disagreement: the least agreement first, images that were not compared yet after them, by name.
 */
export function visibleImages(
  images: readonly ImageEntry[],
  { filter, sort, figures }: LibraryQuery,
): readonly ImageEntry[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const found =
    words.length === 0
      ? images
      : images.filter((image) => words.every((word) => image.name.toLowerCase().includes(word)));
  if (sort === 'name') return found;
  return found
    .map((image, index) => ({ image, index, agreement: agreementOf(figures.get(image.id)) ?? 2 }))
    .sort((a, b) => a.agreement - b.agreement || a.index - b.index)
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
