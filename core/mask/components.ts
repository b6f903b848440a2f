import type { PixelRect } from '../geometry.ts';
import { classId, type ClassId } from '../labels/classTable.ts';
import type { ClassMap } from './classMap.ts';

export interface Component {
  /** Its label, 1 to n, in the order of the seeds. */
  readonly id: number;
  /** Pixels. */
  readonly area: number;
  readonly rect: PixelRect;
  readonly classId: ClassId;
  /** Its first pixel, row by row. */
  readonly seed: { readonly x: number; readonly y: number };
}

export interface Components {
  readonly width: number;
  readonly height: number;
  /** Row-major: each pixel's component id, 0 for pixels of the background. */
  readonly labels: Uint32Array;
  /** Component `id` is at index id - 1. */
  readonly components: readonly Component[];
}

export interface ComponentsOptions {
  /** 8: regions that touch at a corner are one. */
  readonly connectivity: 4 | 8;
  /** The id that makes no component: 0 for a 0/1 mask, the ignore index for a class map. Default: none. */
  readonly background?: number;
}

/**
 * The contiguous regions of one class each. A 0/1 mask is a class map of ids 0 and 1 with background 0.
 * Two passes over horizontal runs with union-find, time linear in the pixels.
 */
export function connectedComponents(
  map: ClassMap,
  { connectivity, background }: ComponentsOptions,
): Components {
  const { width, height } = map;
  const runs = connectedRuns(map, { connectivity, background });

  const labels = new Uint32Array(width * height);
  const labelOfRoot = new Uint32Array(runs.count);
  const found: { area: number; x0: number; y0: number; x1: number; y1: number; run: number }[] = [];
  for (let y = 0; y < height; y++) {
    for (let run = runs.firstOfRow[y]!; run < runs.firstOfRow[y + 1]!; run++) {
      const root = rootOf(runs.parent, run);
      const x0 = runs.start[run]!;
      const x1 = runs.end[run]!;
      let label = labelOfRoot[root]!;
      if (label === 0) {
        found.push({ area: 0, x0, y0: y, x1, y1: y, run });
        label = found.length;
        labelOfRoot[root] = label;
      }
      const component = found[label - 1]!;
      component.area += x1 - x0;
      component.x0 = Math.min(component.x0, x0);
      component.x1 = Math.max(component.x1, x1);
      component.y1 = y + 1;
      labels.fill(label, y * width + x0, y * width + x1);
    }
  }
  const components = found.map(({ area, x0, y0, x1, y1, run }, index) => ({
    id: index + 1,
    area,
    rect: { x: x0, y: y0, width: x1 - x0, height: y1 - y0 },
    classId: classId(runs.id[run]!),
    seed: { x: runs.start[run]!, y: y0 },
  }));
  return { width, height, labels, components };
}

/**
 * The same as runs, where no label per pixel is needed: runs of one region have one `rootOf` in `parent`, the
 * number of the region's first run.
 */
export function connectedRuns(map: ClassMap, { connectivity, background }: ComponentsOptions): Runs {
  const runs = findRuns(map, background);
  joinRuns(runs, map.height, connectivity === 8 ? 1 : 0);
  return runs;
}

/** Horizontal runs of one class, in row-major order. */
export interface Runs {
  readonly count: number;
  /** Length height + 1. */
  readonly firstOfRow: Uint32Array;
  readonly start: Uint32Array;
  /** Exclusive. */
  readonly end: Uint32Array;
  readonly id: Uint32Array;
  readonly parent: Uint32Array;
}

function findRuns({ width, height, ids }: ClassMap, background: number | undefined): Runs {
  const firstOfRow = new Uint32Array(height + 1);
  let count = 0;
  // Counted first: growing arrays would cost more than looking twice.
  for (let y = 0; y < height; y++) {
    firstOfRow[y] = count;
    for (let x = 0, n = y * width; x < width; x++, n++) {
      if ((x === 0 || ids[n] !== ids[n - 1]) && ids[n] !== background) count++;
    }
  }
  firstOfRow[height] = count;
  const start = new Uint32Array(count);
  const end = new Uint32Array(count);
  const id = new Uint32Array(count);
  let run = 0;
  for (let y = 0; y < height; y++) {
    const row = y * width;
    for (let x = 0; x < width;) {
      const value = ids[row + x]!;
      const from = x++;
      while (x < width && ids[row + x] === value) x++;
      if (value === background) continue;
      start[run] = from;
      end[run] = x;
      id[run] = value;
      run++;
    }
  }
  return { count, firstOfRow, start, end, id, parent: Uint32Array.from(start, (_, index) => index) };
}

/** Joins each run with those of its class in the row above that it touches; `reach` 1 counts corners. */
function joinRuns({ firstOfRow, start, end, id, parent }: Runs, height: number, reach: 0 | 1): void {
  for (let y = 1; y < height; y++) {
    const endAbove = firstOfRow[y]!;
    let above = firstOfRow[y - 1]!;
    for (let run = endAbove; run < firstOfRow[y + 1]!; run++) {
      while (above < endAbove && end[above]! + reach <= start[run]!) above++;
      for (let other = above; other < endAbove && start[other]! < end[run]! + reach; other++) {
        if (id[other] === id[run]) join(parent, run, other);
      }
    }
  }
}

/** The first run of the region that a run is of. */
export function rootOf(parent: Uint32Array, run: number): number {
  let root = run;
  while (parent[root] !== root) {
    parent[root] = parent[parent[root]!]!;
    root = parent[root]!;
  }
  return root;
}

/** The smaller root wins: the root of a component is its first run. */
function join(parent: Uint32Array, a: number, b: number): void {
  const rootA = rootOf(parent, a);
  const rootB = rootOf(parent, b);
  if (rootA < rootB) parent[rootB] = rootA;
  else parent[rootA] = rootB;
}
