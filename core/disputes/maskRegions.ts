import { connectedRuns, rootOf } from '../mask/components.ts';
import { createRegion, type Region } from './region.ts';

/**
 * The contiguous regions (also over corners) of the pixels for which `isIn` is not 0, the largest first, and among
 * equals from the top. `isIn`: row-major, width x height.
 */
export function maskRegions(isIn: Uint8Array, width: number, height: number): Region[] {
  const runs = connectedRuns({ width, height, ids: isIn }, { connectivity: 8, background: 0 });
  const byRoot = new Map<number, number[]>();
  for (let y = 0; y < height; y++) {
    for (let run = runs.firstOfRow[y]!; run < runs.firstOfRow[y + 1]!; run++) {
      const root = rootOf(runs.parent, run);
      const found = byRoot.get(root) ?? [];
      if (found.length === 0) byRoot.set(root, found);
      found.push(y, runs.start[run]!, runs.end[run]!);
    }
  }
  const regions = [...byRoot.values()].map((found) => createRegion(Int32Array.from(found)));
  return regions.sort((a, b) => b.area - a.area);
}
