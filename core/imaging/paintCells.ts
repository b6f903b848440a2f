import { createClassIds, type ClassIds } from '../mask/classMap.ts';
import type { AxisSampling } from './axisSampling.ts';
import type { CellCandidates } from './cellCandidates.ts';
import type { Logits } from './logits.ts';

/** Logits, the class map that is made of them, and where its pixels lie between their positions. */
export interface CellGrid {
  readonly logits: Logits;
  readonly outWidth: number;
  readonly outHeight: number;
  readonly columns: AxisSampling;
  readonly rows: AxisSampling;
  /** Output columns of cell i: from columnStarts[i] up to, not including, columnStarts[i + 1]. */
  readonly columnStarts: Int32Array;
  readonly rowStarts: Int32Array;
}

/** All that decides the class of each pixel. */
export interface PaintTask extends CellGrid, CellCandidates {
  /** The winning class of each logit position. */
  readonly winners: Uint16Array;
  /** Positions of the top left corners of the cells that candidates are given for. */
  readonly mixed: Int32Array;
}

/**
 * Makes the class map: pixels of mixed cells have the candidate that is largest there, all others the winner of the
 * top left corner of their cell. For engines without WebAssembly SIMD, and what the kernel is held against.
 */
export function paintCells(task: PaintTask): ClassIds {
  const ids = createClassIds(task.outWidth * task.outHeight, task.logits.classes - 1);
  fillFromCorners(ids, task);
  paintMixedCells(ids, task);
  return ids;
}

/** Gives every pixel the winner of its cell's top left corner: right for all cells that are not mixed. */
export function fillFromCorners(
  ids: ClassIds,
  { outWidth, outHeight, winners, logits: { width }, columns, rows }: PaintTask,
): void {
  for (let y = 0; y < outHeight; y++) {
    const target = y * outWidth;
    if (y > 0 && rows.low[y] === rows.low[y - 1]) {
      ids.copyWithin(target, target - outWidth, target);
      continue;
    }
    const source = rows.low[y]! * width;
    for (let x = 0; x < outWidth; x++) ids[target + x] = winners[source + columns.low[x]!]!;
  }
}

/** Interpolates the candidates of each mixed cell at each of its pixels, and writes the winner. */
function paintMixedCells(ids: ClassIds, task: PaintTask): void {
  const { outWidth, columns, rows, columnStarts, rowStarts, mixed, starts, classIds } = task;
  const { logits, width, height, classes } = task.logits;
  const positions = width * height;
  const left = new Float64Array(classes);
  const right = new Float64Array(classes);
  for (let cell = 0; cell < mixed.length; cell++) {
    const at = mixed[cell]!;
    const cellX = at % width;
    const cellY = (at - cellX) / width;
    const toRight = cellX + 1 < width ? 1 : 0;
    const toBelow = cellY + 1 < height ? width : 0;
    const from = starts[cell]!;
    const count = starts[cell + 1]! - from;
    const firstX = columnStarts[cellX]!;
    const lastX = columnStarts[cellX + 1]! - 1;
    for (let y = rowStarts[cellY]!; y < rowStarts[cellY + 1]!; y++) {
      const wy = rows.weight[y]!;
      for (let index = 0; index < count; index++) {
        const corner = classIds[from + index]! * positions + at;
        left[index] = logits[corner]! * (1 - wy) + logits[corner + toBelow]! * wy;
        right[index] = logits[corner + toRight]! * (1 - wy) + logits[corner + toBelow + toRight]! * wy;
      }
      const row = y * outWidth;
      // Along a row every class is linear, so one that wins at two pixels wins between them.
      let x = firstX;
      let here = winnerAt(left, right, count, columns.weight[x]!);
      let step = lastX;
      let there = winnerAt(left, right, count, columns.weight[step]!);
      for (;;) {
        while (here !== there && step - x > 1) {
          step = (x + step) >> 1;
          there = winnerAt(left, right, count, columns.weight[step]!);
        }
        const id = here < 0 ? 0 : classIds[from + here]!;
        const other = there < 0 ? 0 : classIds[from + there]!;
        for (; x < step; x++) ids[row + x] = id;
        ids[row + step] = other;
        if (step === lastX) break;
        here = there;
        step = lastX;
        there = winnerAt(left, right, count, columns.weight[step]!);
      }
    }
  }
}

/** The first of the largest at that weight between `left` and `right`, -1 where none is above minus infinity. */
function winnerAt(left: Float64Array, right: Float64Array, count: number, weight: number): number {
  let best = -Infinity;
  let winner = -1;
  for (let index = 0; index < count; index++) {
    const value = left[index]! * (1 - weight) + right[index]! * weight;
    if (value > best) {
      best = value;
      winner = index;
    }
  }
  return winner;
}
