import { createClassIds, type ClassIds } from '../../mask/classMap.ts';
import type { Logits } from '../logits.ts';
import type { CellGrid } from '../paintCells.ts';
import type { ImagingKernels } from './imagingKernels.ts';

/** Bytes of the winners of a cell and their logits: see assembly/upsample.ts. */
const RIVALS = 80;

/** Bytes of logits and class map that are put into the kernels' memory together; what has more is done in parts. */
const MOST = 16 * 1024 * 1024;

/** Whether the kernel is for logits and class maps of this size. */
export function fitsKernel({ logits }: Logits, outWidth: number, outHeight: number): boolean {
  return logits.byteLength + outWidth * outHeight * 2 <= MOST;
}

/** What `upsampleArgmaxBy` gives, by the kernel. */
export function upsampleByKernel(kernels: ImagingKernels, task: CellGrid): ClassIds {
  const { logits, outWidth, outHeight, columns, rows, columnStarts, rowStarts } = task;
  const { classes, width, height } = logits;
  const positions = width * height;
  const pixels = outWidth * outHeight;
  const ids = createClassIds(pixels, classes - 1);
  const target = kernels.take(ids.byteLength);
  const words = [
    kernels.put(logits.logits),
    classes,
    width,
    height,
    outWidth,
    kernels.put(columnStarts),
    kernels.put(rowStarts),
    kernels.take(positions * 4),
    kernels.take(positions * 4),
    kernels.take(positions * 4),
    kernels.take(positions * RIVALS),
    kernels.take(positions * Math.ceil(classes / 8)),
    kernels.take(positions * 4),
    kernels.take(classes * 16),
    kernels.take(classes * 2),
    target,
    ids.BYTES_PER_ELEMENT === 2 ? 1 : 0,
    kernels.put(columns.weight),
    kernels.put(rows.weight),
    kernels.take(classes * 16),
  ];
  kernels.run.upsample(kernels.put(Int32Array.from(words)));
  if (ids.BYTES_PER_ELEMENT === 2) ids.set(kernels.uint16(target, pixels));
  else ids.set(kernels.bytes(target, pixels));
  return ids;
}
