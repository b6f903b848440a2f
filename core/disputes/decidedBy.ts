import { sharedPixels, type Region } from './region.ts';

/**
 * The verdict that a region was decided by: the one that shares most of its pixels, where they all share more
 * than half of them; null for a region that is still open. Regions are compared by their pixels, so that a
 * decided one stays decided when specks are folded otherwise or a model draws its border a little differently.
 */
export function decidedBy<T extends { readonly region: Region }>(
  region: Region,
  verdicts: readonly T[],
): T | null {
  let shared = 0;
  let most = 0;
  let found: T | null = null;
  for (const verdict of verdicts) {
    const pixels = sharedPixels(region, verdict.region);
    shared += pixels;
    if (pixels > most) {
      most = pixels;
      found = verdict;
    }
  }
  return shared * 2 > region.area ? found : null;
}
