import { deflateSync, inflateSync } from 'fflate';
import type { PixelRect } from '../geometry.ts';
import { ProblemError } from '../problem.ts';

/** Some pixels of a picture, as horizontal runs row by row. */
export interface Region {
  /** The smallest rectangle that holds it. */
  readonly rect: PixelRect;
  /** Pixels. */
  readonly area: number;
  /** Triples y, x0, x1 (x1 not included), in row-major order, none touching the next in its row. */
  readonly runs: Int32Array;
}

/** The region of these runs; they are used as they are, not copied. */
export function createRegion(runs: Int32Array): Region {
  let area = 0;
  let left = Infinity;
  let right = 0;
  for (let at = 0; at < runs.length; at += 3) {
    area += runs[at + 2]! - runs[at + 1]!;
    left = Math.min(left, runs[at + 1]!);
    right = Math.max(right, runs[at + 2]!);
  }
  const top = runs[0] ?? 0;
  const bottom = (runs.at(-3) ?? -1) + 1;
  const rect = area === 0 ? EMPTY : { x: left, y: top, width: right - left, height: bottom - top };
  return { rect, area, runs };
}

const EMPTY: PixelRect = { x: 0, y: 0, width: 0, height: 0 };

/** How many pixels two regions of one picture have in common. */
export function sharedPixels(a: Region, b: Region): number {
  if (!meet(a.rect, b.rect)) return 0;
  let shared = 0;
  let i = 0;
  let j = 0;
  while (i < a.runs.length && j < b.runs.length) {
    const rowA = a.runs[i]!;
    const rowB = b.runs[j]!;
    if (rowA !== rowB) {
      if (rowA < rowB) i += 3;
      else j += 3;
      continue;
    }
    const endA = a.runs[i + 2]!;
    const endB = b.runs[j + 2]!;
    shared += Math.max(0, Math.min(endA, endB) - Math.max(a.runs[i + 1]!, b.runs[j + 1]!));
    if (endA < endB) i += 3;
    else j += 3;
  }
  return shared;
}

function meet(a: PixelRect, b: PixelRect): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

/**
 * The borders of a region along the edges of its pixels: quadruples x0, y0, x1, y1 in image coordinates, each a
 * straight line of full length. Holes have borders too.
 */
export function regionEdges({ rect, runs }: Region): Int32Array {
  const edges: number[] = [];
  const inside = new Uint8Array(rect.width);
  const before = new Uint8Array(rect.width);
  /** For each column's left border, the row in which the line that is being drawn there began; -1 for none. */
  const began = new Int32Array(rect.width + 1).fill(-1);
  let at = 0;
  for (let y = rect.y; y <= rect.y + rect.height; y++) {
    before.set(inside);
    inside.fill(0);
    for (; at < runs.length && runs[at] === y; at += 3) {
      inside.fill(1, runs[at + 1]! - rect.x, runs[at + 2]! - rect.x);
    }
    for (let x = 0; x < rect.width;) {
      const differs = inside[x] !== before[x];
      const from = x++;
      while (x < rect.width && (inside[x] !== before[x]) === differs) x++;
      if (differs) edges.push(rect.x + from, y, rect.x + x, y);
    }
    for (let x = 0; x <= rect.width; x++) {
      const isBorder = (inside[x - 1] ?? 0) !== (inside[x] ?? 0);
      if (isBorder && began[x] === -1) began[x] = y;
      if (!isBorder && began[x] !== -1) {
        edges.push(rect.x + x, began[x]!, rect.x + x, y);
        began[x] = -1;
      }
    }
  }
  return Int32Array.from(edges);
}

/*
 * An encoded region: u8 version (1), then deflated variable-length integers: the number of runs, and for each run
 * how many rows it lies below the last one, its start (counted from the end of the last run where it is in the
 * same row) and its length.
 */
const VERSION = 1;

/** The region as bytes with a version; `decodeRegion` gives it back exactly. */
export function encodeRegion({ runs }: Region): Uint8Array<ArrayBuffer> {
  const body: number[] = [];
  pushVarint(body, runs.length / 3);
  let row = 0;
  let end = 0;
  for (let at = 0; at < runs.length; at += 3) {
    const y = runs[at]!;
    if (y !== row) end = 0;
    pushVarint(body, y - row);
    pushVarint(body, runs[at + 1]! - end);
    pushVarint(body, runs[at + 2]! - runs[at + 1]!);
    row = y;
    end = runs[at + 2]!;
  }
  const deflated = deflateSync(Uint8Array.from(body), { level: 6 });
  const bytes = new Uint8Array(1 + deflated.length);
  bytes[0] = VERSION;
  bytes.set(deflated, 1);
  return bytes;
}

/** The region that `encodeRegion` wrote. Throws `region.newer` and `region.corrupt`. */
export function decodeRegion(bytes: Uint8Array): Region {
  const version = bytes[0] ?? 0;
  if (version > VERSION) {
    throw new ProblemError({
      code: 'region.newer',
      title: `the verdict was given in a newer version (format ${version}, this one reads up to ${VERSION})`,
      hint: 'Update DynaSeg Studio',
    });
  }
  if (version !== VERSION) throw corrupt('it has no version');
  const body = inflate(bytes.subarray(1));
  let at = 0;
  const next = (): number => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = body[at++];
      if (byte === undefined || factor > 2 ** 28) throw corrupt('it ends in the middle of a run');
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  };
  const count = next();
  if (count * 3 > body.length) throw corrupt(`${count} runs do not fit into ${body.length} bytes`);
  const runs = new Int32Array(count * 3);
  let row = 0;
  let end = 0;
  for (let run = 0; run < runs.length; run += 3) {
    const down = next();
    if (down > 0) end = 0;
    row += down;
    const start = end + next();
    end = start + next();
    runs[run] = row;
    runs[run + 1] = start;
    runs[run + 2] = end;
  }
  if (at !== body.length) throw corrupt(`${body.length - at} bytes are left over`);
  return createRegion(runs);
}

function inflate(deflated: Uint8Array): Uint8Array {
  try {
    return inflateSync(deflated);
  } catch (error) {
    throw corrupt('it cannot be decompressed', error);
  }
}

function corrupt(detail: string, cause?: unknown): ProblemError {
  return new ProblemError(
    { code: 'region.corrupt', title: 'the stored region is damaged', detail },
    { cause },
  );
}

function pushVarint(into: number[], value: number): void {
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) into.push((rest % 128) + 128);
  into.push(rest);
}
