import type { SparseCounts } from './imageResult.ts';
import type { ConfusionCell } from './resultQuery.ts';
import { sparseCount } from './sparseCounts.ts';

/** The ids of the classes in their order: where a cell lies depends on no more. */
interface ClassOrder {
  readonly classes: readonly { readonly id: number }[];
}

/** Pixels in a cell of the confusion matrix that it is about, of `cells`. 0 where the table does not have its classes. */
export function cellPixels(
  cells: SparseCounts,
  { classes }: ClassOrder,
  { row, column }: Pick<ConfusionCell, 'row' | 'column'>,
): number {
  const rowAt = classes.findIndex(({ id }) => id === row);
  const columnAt = column === null ? classes.length : classes.findIndex(({ id }) => id === column);
  return rowAt < 0 || columnAt < 0 ? 0 : sparseCount(cells, rowAt * (classes.length + 1) + columnAt);
}

/** Which rows of the confusion matrix have a pixel: places in the class table, each once, of cells in ascending order. */
export function classRows(cells: SparseCounts, { classes }: ClassOrder): number[] {
  const rows: number[] = [];
  for (let at = 0; at < cells.length; at += 2) {
    const row = Math.floor(cells[at]! / (classes.length + 1));
    if (row < classes.length && row !== rows.at(-1)) rows.push(row);
  }
  return rows;
}
