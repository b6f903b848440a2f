import { createClassIds, type ClassIds, type ClassMap } from '../mask/classMap.ts';
import { samplePosition, sampleAxis, type AxisSampling } from './axisSampling.ts';
import { collectCandidates } from './cellCandidates.ts';
import { withKernels } from './kernels/imagingKernels.ts';
import { kernelLogitScan } from './kernels/kernelLogitScan.ts';
import type { Logits } from './logits.ts';
import { plainLogitScan, type LogitScan } from './logitScan.ts';

export type { Logits } from './logits.ts';

/**
 * The class map of `outWidth` x `outHeight` pixels (larger or smaller than the logits): bilinear interpolation
 * of the logits (torch's, align_corners=False), then the class with the largest; of equal ones the lowest id.
 * A class that is NaN at one of a pixel's four corners never wins there; where all are, the pixel gets class 0.
 *
 * Exact, without interpolating every class of every pixel: bilinear weights are a convex combination, so a cell
 * between four logits whose corners have the same winner has it everywhere, and in any other cell only classes
 * can win that no corner's winner beats at all four corners.
 */
export function upsampleArgmax(logits: Logits, outWidth: number, outHeight: number): ClassMap {
  return (
    withKernels((kernels) => upsampleArgmaxBy(kernelLogitScan(kernels), logits, outWidth, outHeight)) ??
    upsampleArgmaxBy(plainLogitScan, logits, outWidth, outHeight)
  );
}

/** The same with the passes over all logits done as told. */
export function upsampleArgmaxBy(
  scan: LogitScan,
  logits: Logits,
  outWidth: number,
  outHeight: number,
): ClassMap {
  const { width, height } = logits;
  const columns = sampleAxis(width, outWidth);
  const rows = sampleAxis(height, outHeight);
  const winners = scan.winners(logits);
  const ids = createClassIds(outWidth * outHeight, logits.classes - 1);
  fillFromCorners({ ids, outWidth, outHeight, winners, width, columns, rows });

  const columnStarts = cellStarts(columns.low, width);
  const rowStarts = cellStarts(rows.low, height);
  const mixed = mixedCells({ winners, width, height, columnStarts, rowStarts });
  const candidates = collectCandidates(logits, winners, mixed, scan);
  paintMixedCells({ logits, ids, outWidth, columns, rows, columnStarts, rowStarts, mixed, ...candidates });
  return { width: outWidth, height: outHeight, ids };
}

/** The interpolated logits, float32 [classes], of one pixel of a class map of that size. */
export function logitsAt(
  logits: Logits,
  x: number,
  y: number,
  outWidth: number,
  outHeight: number,
): Float32Array {
  const { width, height } = logits;
  const column = samplePosition(x, width, outWidth);
  const row = samplePosition(y, height, outHeight);
  const x0 = Math.min(Math.floor(column), width - 1);
  const y0 = Math.min(Math.floor(row), height - 1);
  const right = x0 + 1 < width ? 1 : 0;
  const below = y0 + 1 < height ? width : 0;
  const wx = column - x0;
  const wy = row - y0;
  const data = logits.logits;
  return Float32Array.from({ length: logits.classes }, (_, id) => {
    const at = (id * height + y0) * width + x0;
    const left = data[at]! * (1 - wy) + data[at + below]! * wy;
    const other = data[at + right]! * (1 - wy) + data[at + below + right]! * wy;
    return left * (1 - wx) + other * wx;
  });
}

/** Probabilities, summing to 1, of finite logits. */
export function softmax(logits: Float32Array): Float32Array {
  let largest = -Infinity;
  for (const value of logits) if (value > largest) largest = value;
  const out = logits.map((value) => Math.exp(value - largest));
  let sum = 0;
  for (const value of out) sum += value;
  return out.map((value) => value / sum);
}

/** Gives every pixel the winner of its cell's top left corner: right for all cells that are not mixed. */
function fillFromCorners(task: {
  ids: ClassIds;
  outWidth: number;
  outHeight: number;
  winners: Uint16Array;
  width: number;
  columns: AxisSampling;
  rows: AxisSampling;
}): void {
  const { ids, outWidth, outHeight, winners, width, columns, rows } = task;
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

/** Output pixels of cell i: from starts[i] up to, not including, starts[i + 1]. */
function cellStarts(low: Int32Array, inSize: number): Int32Array {
  const starts = new Int32Array(inSize + 1).fill(low.length);
  for (let out = low.length - 1; out >= 0; out--) starts[low[out]!] = out;
  for (let cell = inSize - 1; cell >= 0; cell--) starts[cell] = Math.min(starts[cell]!, starts[cell + 1]!);
  return starts;
}

/** Positions of the top left corners of cells that hold output pixels and whose corners differ. */
function mixedCells(task: {
  winners: Uint16Array;
  width: number;
  height: number;
  columnStarts: Int32Array;
  rowStarts: Int32Array;
}): Int32Array {
  const { winners, width, height, columnStarts, rowStarts } = task;
  const cells = new Int32Array(width * height);
  let found = 0;
  for (let y = 0; y < height; y++) {
    if (rowStarts[y] === rowStarts[y + 1]) continue;
    const below = y + 1 < height ? width : 0;
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      const right = x + 1 < width ? 1 : 0;
      const winner = winners[at];
      const same =
        winners[at + right] === winner &&
        winners[at + below] === winner &&
        winners[at + below + right] === winner;
      if (!same && columnStarts[x] !== columnStarts[x + 1]) cells[found++] = at;
    }
  }
  return cells.subarray(0, found);
}

/** Interpolates the candidates of each mixed cell at each of its pixels, and writes the winner. */
function paintMixedCells(task: {
  logits: Logits;
  ids: ClassIds;
  outWidth: number;
  columns: AxisSampling;
  rows: AxisSampling;
  columnStarts: Int32Array;
  rowStarts: Int32Array;
  mixed: Int32Array;
  starts: Int32Array;
  classIds: Uint16Array;
}): void {
  const { ids, outWidth, columns, rows, columnStarts, rowStarts, mixed, starts, classIds } = task;
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
