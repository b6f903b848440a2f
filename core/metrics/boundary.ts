import type { BoundaryCounts } from '../evaluation/imageResult.ts';
import type { ClassIds, ClassMap } from '../mask/classMap.ts';
import { assertSameSize } from '../mask/outline.ts';

/** The classes whose borders are measured, as in a confusion matrix. */
export interface BoundaryClasses {
  readonly ids: readonly number[];
  readonly ignoreId: number;
}

/** The names of the counts, in the order in which they are told. */
export const BOUNDARY_KEYS = [
  'intersection',
  'union',
  'predicted',
  'predictedMatched',
  'truth',
  'truthMatched',
] as const satisfies readonly (keyof BoundaryCounts)[];
type BoundaryKey = (typeof BOUNDARY_KEYS)[number];

/** One of something for each of the counts. */
export function countsBy<T>(make: (key: BoundaryKey) => T): Record<BoundaryKey, T> {
  return Object.fromEntries(BOUNDARY_KEYS.map((key) => [key, make(key)])) as Record<BoundaryKey, T>;
}

/** A pixel that belongs to no class: ignored, or outside the picture. */
const NONE = 65535;

/**
 * The counts behind boundary IoU and boundary F of one picture, class by class.
 *
 * Boundary IoU (Cheng, Girshick, Dollár, Berg, Kirillov: Boundary IoU, CVPR 2021): with G_d the pixels of a class's
 * true mask that are at most d from a pixel outside it (Chebyshev distance: d erosions by a 3 x 3 square, the edge
 * of the picture counts as outside, as in the authors' code) and P_d the same of the prediction, it is
 * |G_d and P_d| / |G_d or P_d|.
 *
 * Boundary F (Csurka et al. 2013; Perazzi et al. 2016): precision is the share of the prediction's border pixels that
 * have a border pixel of the true mask within the Euclidean distance d, recall the same the other way round. A border
 * pixel is one with a counted pixel of something else among its eight neighbours: where the picture ends or the
 * truth is unknown there is no border.
 *
 * Pixels whose truth is ignored belong to no mask on either side. Throws `mask.size`.
 *
 * @param width d, in pixels, at least 1
 */
export function boundaryCounts(
  truth: ClassMap,
  predicted: ClassMap,
  classes: BoundaryClasses,
  width: number,
): BoundaryCounts {
  assertSameSize(truth, predicted);
  const truthRows = rowsOf(truth.ids, truth.ids, classes);
  const predictedRows = rowsOf(predicted.ids, truth.ids, classes);
  const { width: columns, height: rows } = truth;
  const size = { columns, rows };
  const counts = countsBy(() => new Float64Array(classes.ids.length));
  const truthBand = bandOf(truthRows, size, width);
  const predictedBand = bandOf(predictedRows, size, width);
  for (let n = 0; n < truthRows.length; n++) {
    const t = truthBand[n] ? truthRows[n]! : NONE;
    const p = predictedBand[n] ? predictedRows[n]! : NONE;
    if (t === p && t !== NONE) counts.intersection[t]! += 1;
    if (isClass(t)) counts.union[t]! += 1;
    if (isClass(p) && p !== t) counts.union[p]! += 1;
  }
  const truthBorder = borderOf(truthRows, size);
  const predictedBorder = borderOf(predictedRows, size);
  const disk = diskOffsets(width);
  match(predictedBorder, truthBorder, {
    size,
    disk,
    all: counts.predicted,
    matched: counts.predictedMatched,
  });
  match(truthBorder, predictedBorder, { size, disk, all: counts.truth, matched: counts.truthMatched });
  return countsBy((key) => [...counts[key]]);
}

/** Adds a picture's counts to the sums of others. */
export function addBoundaryCounts(sums: Record<BoundaryKey, number[]>, counts: BoundaryCounts): void {
  for (const key of BOUNDARY_KEYS) {
    const [sum, more] = [sums[key], counts[key]];
    for (let n = 0; n < sum.length; n++) sum[n]! += more[n] ?? 0;
  }
}

/** The counts of no picture. */
export function noBoundaryCounts(classCount: number): Record<BoundaryKey, number[]> {
  return countsBy(() => Array<number>(classCount).fill(0));
}

/** null for a class without a boundary on either side. */
export function perClassBoundaryIou({ intersection, union }: BoundaryCounts): (number | null)[] {
  return union.map((whole, index) => (whole === 0 ? null : intersection[index]! / whole));
}

/**
 * Harmonic mean of the precision and recall of a class's borders: 0 where only one side has any, null where neither.
 */
export function perClassBoundaryF(counts: BoundaryCounts): (number | null)[] {
  return counts.predicted.map((predicted, index) => {
    const truth = counts.truth[index]!;
    if (predicted === 0 && truth === 0) return null;
    if (predicted === 0 || truth === 0) return 0;
    const precision = counts.predictedMatched[index]! / predicted;
    const recall = counts.truthMatched[index]! / truth;
    return precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall);
  });
}

interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** Predictions that are no class of the table: something else than every class, yet counted. */
const OTHER = NONE - 1;
const isClass = (row: number): boolean => row < OTHER;

/** Each pixel's class as its place in the table; NONE where the truth is not counted. */
function rowsOf(ids: ClassIds, truth: ClassIds, { ids: classIds, ignoreId }: BoundaryClasses): Uint16Array {
  const rowOf = new Uint16Array(65536).fill(OTHER);
  classIds.forEach((id, row) => (rowOf[id] = row));
  rowOf[ignoreId] = OTHER;
  const rows = new Uint16Array(ids.length);
  for (let n = 0; n < rows.length; n++) rows[n] = rowOf[truth[n]!] === OTHER ? NONE : rowOf[ids[n]!]!;
  return rows;
}

/** 1 for pixels of a class within `reach` (Chebyshev) of one that is not of it, or of the picture's edge. */
function bandOf(rows: Uint16Array, { columns, rows: height }: Size, reach: number): Uint8Array {
  const band = new Uint8Array(rows.length);
  const span = 2 * reach + 1;
  // A pixel is inside where its whole row of the window is of its class, and so are those above and below.
  const wide = new Uint8Array(rows.length);
  for (let y = 0; y < height; y++) {
    let run = 0;
    for (let x = 0, n = y * columns; x < columns; x++, n++) {
      run = x > 0 && rows[n] === rows[n - 1] ? run + 1 : 1;
      if (run >= span) wide[n - reach] = 1;
    }
  }
  const runs = new Int32Array(columns);
  for (let y = 0, n = 0; y < height; y++) {
    for (let x = 0; x < columns; x++, n++) {
      const same = y > 0 && rows[n] === rows[n - columns];
      runs[x] = wide[n] ? (same ? runs[x]! : 0) + 1 : 0;
      if (runs[x]! >= span) band[n - reach * columns] = 1;
    }
  }
  for (let n = 0; n < band.length; n++) band[n] = isClass(rows[n]!) && !band[n] ? 1 : 0;
  return band;
}

/** The class of pixels with a counted pixel of something else among their eight neighbours; NONE for all others. */
function borderOf(rows: Uint16Array, { columns, rows: height }: Size): Uint16Array {
  const border = new Uint16Array(rows.length).fill(NONE);
  for (let y = 0, n = 0; y < height; y++) {
    const top = Math.max(0, y - 1);
    const bottom = Math.min(height - 1, y + 1);
    for (let x = 0; x < columns; x++, n++) {
      const own = rows[n]!;
      if (!isClass(own)) continue;
      const left = Math.max(0, x - 1);
      const right = Math.min(columns - 1, x + 1);
      search: for (let v = top; v <= bottom; v++) {
        for (let u = left; u <= right; u++) {
          const other = rows[v * columns + u]!;
          if (other === own || other === NONE) continue;
          border[n] = own;
          break search;
        }
      }
    }
  }
  return border;
}

/** x, y, x, y of every offset within the distance, the nearest first. */
function diskOffsets(reach: number): Int32Array {
  const offsets: [number, number][] = [];
  for (let y = -reach; y <= reach; y++) {
    for (let x = -reach; x <= reach; x++) if (x * x + y * y <= reach * reach) offsets.push([x, y]);
  }
  offsets.sort(([ax, ay], [bx, by]) => ax * ax + ay * ay - (bx * bx + by * by));
  return Int32Array.from(offsets.flat());
}

interface MatchTask {
  readonly size: Size;
  readonly disk: Int32Array;
  readonly all: Float64Array;
  readonly matched: Float64Array;
}

/** Counts the border pixels of `own`, and those of them with one of `other` of the same class near enough. */
function match(own: Uint16Array, other: Uint16Array, { size, disk, all, matched }: MatchTask): void {
  const { columns, rows } = size;
  for (let y = 0, n = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++, n++) {
      const row = own[n]!;
      if (row === NONE) continue;
      all[row]! += 1;
      for (let at = 0; at < disk.length; at += 2) {
        const u = x + disk[at]!;
        const v = y + disk[at + 1]!;
        if (u < 0 || v < 0 || u >= columns || v >= rows || other[v * columns + u] !== row) continue;
        matched[row]! += 1;
        break;
      }
    }
  }
}
