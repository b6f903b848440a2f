import type { ClassId } from '../labels/classTable.ts';
import type { MaskRaster } from './maskRaster.ts';

export interface FloodFillOptions {
  /** 8: regions that touch at a corner are one. */
  readonly connectivity: 4 | 8;
}

/**
 * Gives the contiguous region of one class around pixel (x, y) the class `id`; returns how many pixels it
 * changed: 0 where the pixel is outside, has that class already, or is of a locked class.
 * Needs an open step.
 */
export function floodFill(
  raster: MaskRaster,
  x: number,
  y: number,
  id: ClassId,
  { connectivity }: FloodFillOptions,
): number {
  const { width, height, ids } = raster;
  const column = Math.floor(x);
  const row = Math.floor(y);
  if (!(column >= 0 && row >= 0 && column < width && row < height)) return 0;
  const target = ids[row * width + column]!;
  if (target === id || !raster.isWritable(target)) return 0;
  const reach = connectivity === 8 ? 1 : 0;
  const seeds = [row * width + column];
  let filled = 0;
  for (let seed = seeds.pop(); seed !== undefined; seed = seeds.pop()) {
    if (ids[seed] !== target) continue;
    const line = Math.floor(seed / width);
    const start = line * width;
    const end = start + width;
    let left = seed;
    let right = seed + 1;
    while (left > start && ids[left - 1] === target) left--;
    while (right < end && ids[right] === target) right++;
    raster.setSpan(line, left - start, right - start, id);
    filled += right - left;
    for (const neighbour of [line - 1, line + 1]) {
      if (neighbour < 0 || neighbour >= height) continue;
      const offset = neighbour * width;
      const from = offset + Math.max(0, left - start - reach);
      const to = offset + Math.min(width, right - start + reach);
      for (let n = from; n < to; n++) {
        // One seed per run: the run's other pixels are found from it.
        if (ids[n] === target && (n === from || ids[n - 1] !== target)) seeds.push(n);
      }
    }
  }
  return filled;
}
