import type { ConfusionMatrix } from '../metrics/confusionMatrix.ts';
import type { SparseCounts } from './imageResult.ts';

/** A matrix as its cells above 0: most pairs of classes never meet in one picture. */
export function sparseCounts(matrix: ConfusionMatrix): SparseCounts {
  const cells: number[] = [];
  matrix.counts.forEach((pixels, cell) => {
    if (pixels > 0) cells.push(cell, pixels);
  });
  return cells;
}

/** Adds the cells to a matrix of the same classes; cells that it does not have are left out. */
export function addSparseCounts(matrix: ConfusionMatrix, cells: SparseCounts): void {
  for (let at = 0; at + 1 < cells.length; at += 2) {
    const cell = cells[at]!;
    if (cell < matrix.counts.length) matrix.counts[cell]! += cells[at + 1]!;
  }
}

/** The pixels of one cell. */
export function sparseCount(cells: SparseCounts, cell: number): number {
  for (let at = 0; at + 1 < cells.length; at += 2) if (cells[at] === cell) return cells[at + 1]!;
  return 0;
}
