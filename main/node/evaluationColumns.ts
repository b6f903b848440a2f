import { referenceIndex, type EvaluationPlan } from '#core/evaluation/evaluationPlan.ts';
import { unpackCells } from '#core/evaluation/packedResult.ts';
import { cellPixels, classRows } from '#core/evaluation/resultContents.ts';
import type { ConfusionCell } from '#core/evaluation/resultQuery.ts';
import type { ImageResult, SparseCounts } from '#core/evaluation/imageResult.ts';
import type { ClassTable } from '#core/labels/classTable.ts';
import type { EvaluationIndex } from './evaluationIndex.ts';
import type { EvaluationTable, ResultPiece } from './evaluationTable.ts';
import { keepNewest } from './keepNewest.ts';
import { readPieces, type TakePiece } from './readPieces.ts';

/** Cells that are kept: somebody goes back and forth between a few. */
const KEPT_CELLS = 8;

interface CellColumn {
  readonly cell: ConfusionCell;
  /** Ids in their order decide where a cell lies. */
  readonly table: { readonly classes: readonly { readonly id: number }[] };
  /** For each row of the index the pixels in the cell. */
  readonly pixels: Float64Array;
  readonly filled: Promise<void>;
}

interface ClassColumn {
  readonly table: ClassTable;
  /** For each row of the index a bit per class of the table, `bytes` each. */
  readonly bits: Uint8Array;
  readonly bytes: number;
  readonly filled: Promise<void>;
}

/**
 * What images are filtered and sorted by beside their figures. Read through the whole run when it is asked for first,
 * between which other work goes on; then kept, and kept in step with what is measured.
 */
export class EvaluationColumns {
  private readonly cells = new Map<string, CellColumn>();
  private classes: ClassColumn | null = null;

  constructor(
    private readonly table: EvaluationTable,
    private readonly plan: EvaluationPlan,
    private readonly index: EvaluationIndex,
  ) {}

  /** An image was measured, again or for the first time. `results`: in the order of the plan. */
  note(imageId: number, results: readonly ImageResult[]): void {
    const row = this.index.row(imageId);
    if (row === null) return;
    for (const { pixels, cell, table } of this.cells.values()) {
      pixels[row] = cellPixels(results[cell.contestant]?.[cell.against]?.confusion ?? [], table, cell);
    }
    if (this.classes) {
      clearClasses(this.classes, row);
      const said =
        results.find(({ truth }) => truth)?.truth ?? results.find((one) => one.reference)?.reference;
      if (said) setClasses(this.classes, row, said.confusion);
    }
  }

  /** For each row of the index the pixels in a cell of the confusion matrix. */
  async cell(cell: ConfusionCell, { classes }: ClassTable): Promise<Float64Array> {
    const table = { classes: classes.map(({ id }) => ({ id })) };
    const key = JSON.stringify([cell, table]);
    let column = this.cells.get(key);
    if (!column) {
      const pixels = new Float64Array(this.index.length);
      const piece = cell.against === 'truth' ? 'truthCells' : 'referenceCells';
      const filled = this.read(cell.contestant, piece, (row, bytes) => {
        pixels[row] = cellPixels(unpackCells(bytes), table, cell);
      });
      column = { cell, table, pixels, filled };
      this.cells.set(key, column);
      filled.catch(() => this.cells.delete(key));
      keepNewest(this.cells, KEPT_CELLS);
    }
    await column.filled;
    return column.pixels;
  }

  /** Whether the image of a row has a class in its truth; without truth, in what the reference says. */
  async hasClass(classId: number, table: ClassTable): Promise<(row: number) => boolean> {
    if (this.classes?.table !== table) this.classes = this.readClasses(table);
    const { bits, bytes, filled } = this.classes;
    await filled;
    const at = table.classes.findIndex(({ id }) => id === classId);
    return at < 0 ? () => false : (row) => ((bits[row * bytes + (at >> 3)]! >> (at & 7)) & 1) === 1;
  }

  private readClasses(table: ClassTable): ClassColumn {
    const bytes = Math.ceil(table.classes.length / 8);
    const bits = new Uint8Array(bytes * this.index.length);
    const column = { table, bits, bytes };
    const read = async (): Promise<void> => {
      const withTruth = new Set<number>();
      await this.read(0, 'truthCells', (row, cells) => {
        withTruth.add(row);
        setClasses(column, row, unpackCells(cells));
      });
      // Any contestant that was compared with the reference says what the reference said.
      const reference = referenceIndex(this.plan);
      const other = this.plan.contestants.findIndex((_, index) => index !== reference);
      if (reference === null || other < 0) return;
      await this.read(other, 'referenceCells', (row, cells) => {
        if (!withTruth.has(row)) setClasses(column, row, unpackCells(cells));
      });
    };
    return { ...column, filled: read() };
  }

  private read(contestant: number, piece: ResultPiece, take: TakePiece): Promise<void> {
    return readPieces({ table: this.table, plan: this.plan, index: this.index }, { contestant, piece }, take);
  }
}

type ClassBits = Pick<ClassColumn, 'table' | 'bits' | 'bytes'>;

function clearClasses({ bits, bytes }: ClassBits, row: number): void {
  bits.fill(0, row * bytes, (row + 1) * bytes);
}

function setClasses({ table, bits, bytes }: ClassBits, row: number, cells: SparseCounts): void {
  for (const at of classRows(cells, table)) bits[row * bytes + (at >> 3)]! |= 1 << (at & 7);
}
