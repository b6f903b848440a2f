import { createRegion, type Region } from '../disputes/region.ts';
import type { ClassId } from '../labels/classTable.ts';
import type { SpanSink } from './spanSink.ts';

/** Gives every pixel of a region a class. */
export function paintRegion(sink: SpanSink, { runs }: Region, id: ClassId): void {
  for (let at = 0; at < runs.length; at += 3) sink.setSpan(runs[at]!, runs[at + 1]!, runs[at + 2]!, id);
}

/**
 * The contiguous (4) pixels around pixel (x, y) for which `belongs` holds, by runs; null where it does not hold
 * there or the pixel is outside. `belongs` is asked about pixels of the picture only.
 */
export function growRegion(
  size: { readonly width: number; readonly height: number },
  x: number,
  y: number,
  belongs: (x: number, y: number) => boolean,
): Region | null {
  const { width, height } = size;
  if (!(x >= 0 && y >= 0 && x < width && y < height) || !belongs(x, y)) return null;
  const taken = new Uint8Array(width * height);
  const runs: { row: number; start: number; end: number }[] = [];
  const seeds = [y * width + x];
  for (let seed = seeds.pop(); seed !== undefined; seed = seeds.pop()) {
    if (taken[seed] === 1) continue;
    const row = Math.floor(seed / width);
    const line = row * width;
    let start = seed - line;
    let end = start + 1;
    while (start > 0 && taken[line + start - 1] === 0 && belongs(start - 1, row)) start--;
    while (end < width && taken[line + end] === 0 && belongs(end, row)) end++;
    taken.fill(1, line + start, line + end);
    runs.push({ row, start, end });
    for (const neighbour of [row - 1, row + 1]) {
      if (neighbour < 0 || neighbour >= height) continue;
      let open = false;
      for (let column = start; column < end; column++) {
        const isNew = taken[neighbour * width + column] === 0 && belongs(column, neighbour);
        // One seed per run: the run's other pixels are found from it.
        if (isNew && !open) seeds.push(neighbour * width + column);
        open = isNew;
      }
    }
  }
  runs.sort((a, b) => a.row - b.row || a.start - b.start);
  const sorted = new Int32Array(runs.length * 3);
  runs.forEach((run, n) => sorted.set([run.row, run.start, run.end], n * 3));
  return createRegion(sorted);
}
