import type { ClassTable } from '../labels/classTable.ts';
import type { ImageResult } from './imageResult.ts';
import type { ConfusionCell } from './resultQuery.ts';
import { sparseCount } from './sparseCounts.ts';

/** Pixels of an image in a cell of the confusion matrix. `results`: in the order of the plan. */
export function cellPixels(
  results: readonly ImageResult[],
  { classes }: ClassTable,
  { contestant, against, row, column }: ConfusionCell,
): number {
  const cells = results[contestant]?.[against]?.confusion;
  const rowAt = classes.findIndex(({ id }) => id === row);
  const columnAt = column === null ? classes.length : classes.findIndex(({ id }) => id === column);
  if (!cells || rowAt < 0 || columnAt < 0) return 0;
  return sparseCount(cells, rowAt * (classes.length + 1) + columnAt);
}

/** Whether a class is in an image's truth; without truth, in what the reference says. */
export function hasClass(results: readonly ImageResult[], { classes }: ClassTable, classId: number): boolean {
  const row = classes.findIndex(({ id }) => id === classId);
  const cells =
    results.find(({ truth }) => truth)?.truth?.confusion ??
    results.find(({ reference }) => reference)?.reference?.confusion;
  if (!cells || row < 0) return false;
  const stride = classes.length + 1;
  for (let at = 0; at < cells.length; at += 2) if (Math.floor(cells[at]! / stride) === row) return true;
  return false;
}
