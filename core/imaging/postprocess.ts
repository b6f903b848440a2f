import type { ClassIds, ClassMap } from '../mask/classMap.ts';
import { samplePosition, sampleAxis } from './axisSampling.ts';
import { collectCandidates } from './cellCandidates.ts';
import { withKernels, type ImagingKernels } from './kernels/imagingKernels.ts';
import { kernelLogitScan } from './kernels/kernelLogitScan.ts';
import { paintByKernel } from './kernels/paintByKernel.ts';
import { fitsKernel, upsampleByKernel } from './kernels/upsampleByKernel.ts';
import type { Logits } from './logits.ts';
import { plainLogitScan, type LogitScan } from './logitScan.ts';
import { paintCells, type PaintTask } from './paintCells.ts';

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
    withKernels((kernels) => {
      if (fitsKernel(logits, outWidth, outHeight)) return upsampleWhole(kernels, logits, outWidth, outHeight);
      return upsampleArgmaxBy(partPasses(kernels), logits, outWidth, outHeight);
    }) ?? upsampleArgmaxBy(PLAIN_PASSES, logits, outWidth, outHeight)
  );
}

function upsampleWhole(
  kernels: ImagingKernels,
  logits: Logits,
  outWidth: number,
  outHeight: number,
): ClassMap {
  const columns = sampleAxis(logits.width, outWidth);
  const rows = sampleAxis(logits.height, outHeight);
  const columnStarts = cellStarts(columns.low, logits.width);
  const rowStarts = cellStarts(rows.low, logits.height);
  const task = { logits, outWidth, outHeight, columns, rows, columnStarts, rowStarts };
  return { width: outWidth, height: outHeight, ids: upsampleByKernel(kernels, task) };
}

/** For logits too large to be put into the kernels' memory as a whole. */
export function partPasses(kernels: ImagingKernels): PostprocessPasses {
  return { scan: kernelLogitScan(kernels), paint: (task) => paintByKernel(kernels, task) };
}

/** What takes most of the time, done in one way or another. */
interface PostprocessPasses {
  readonly scan: LogitScan;
  readonly paint: (task: PaintTask) => ClassIds;
}

/** For engines without WebAssembly SIMD, and what the kernels are held against. */
export const PLAIN_PASSES: PostprocessPasses = { scan: plainLogitScan, paint: paintCells };

/** `upsampleArgmax` in that way. */
export function upsampleArgmaxBy(
  { scan, paint }: PostprocessPasses,
  logits: Logits,
  outWidth: number,
  outHeight: number,
): ClassMap {
  const { width, height } = logits;
  const columns = sampleAxis(width, outWidth);
  const rows = sampleAxis(height, outHeight);
  const winners = scan.winners(logits);
  const columnStarts = cellStarts(columns.low, width);
  const rowStarts = cellStarts(rows.low, height);
  const mixed = mixedCells({ winners, width, height, columnStarts, rowStarts });
  const candidates = collectCandidates(logits, winners, mixed, scan);
  const ids = paint({
    logits,
    winners,
    outWidth,
    outHeight,
    columns,
    rows,
    columnStarts,
    rowStarts,
    mixed,
    ...candidates,
  });
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
