import { z } from 'zod';
import { DEFAULT_IGNORE_ID, type ClassTable } from '../labels/classTable.ts';
import type { ClassIds } from '../mask/classMap.ts';
import { ProblemError } from '../problem.ts';

export const confusionMatrixJsonSchema = z.object({
  version: z.literal(1),
  /** Class ids in the order of the rows. */
  ids: z.array(z.number().int().min(0).max(65535)).min(1),
  ignoreId: z.number().int().min(0).max(65535),
  /** Row-major, ids.length rows of ids.length + 1. */
  counts: z.array(z.number().int().nonnegative()),
});
export type ConfusionMatrixJson = z.infer<typeof confusionMatrixJsonSchema>;

/**
 * Pixels counted by true and by predicted class. Row: true class. Column: predicted class, in the same order,
 * and a last one, "unassigned", for predictions that are the ignore index or not in the table: they are
 * errors. Pixels whose truth is the ignore index or not in the table are not counted at all.
 * Exact up to 2^53 pixels; matrices of parts of a data set add up to that of the whole.
 */
export class ConfusionMatrix {
  /** Class ids in the order of rows and columns. */
  readonly ids: readonly number[];
  readonly ignoreId: number;
  /** Row-major [classCount, classCount + 1]. */
  readonly counts: Float64Array;
  /** Row of each id, classCount where it is none. */
  private readonly indexOfId: Uint16Array;

  /**
   * `classes`: a table, the ids themselves, or n for the ids 0 to n - 1.
   * `ignoreId` defaults to the table's, or 255.
   */
  constructor(classes: ClassTable | readonly number[] | number, ignoreId?: number) {
    const table = typeof classes === 'object' && 'classes' in classes ? classes : null;
    const ids = idsOf(classes);
    this.ids = ids;
    this.ignoreId = ignoreId ?? table?.ignoreId ?? DEFAULT_IGNORE_ID;
    this.counts = new Float64Array(ids.length * (ids.length + 1));
    this.indexOfId = new Uint16Array(65536).fill(ids.length);
    ids.forEach((id, index) => {
      this.indexOfId[id] = index;
    });
    this.indexOfId[this.ignoreId] = ids.length;
  }

  get classCount(): number {
    return this.ids.length;
  }

  /** Counts the pixels of one picture. Throws `metrics.size` where the lengths differ. */
  add(truth: ClassIds, predicted: ClassIds): void {
    if (truth.length !== predicted.length) {
      throw new ProblemError({
        code: 'metrics.size',
        title: `${predicted.length} predicted pixels cannot be compared with ${truth.length} true ones`,
      });
    }
    const { counts, indexOfId, classCount } = this;
    for (let n = 0; n < truth.length; n++) {
      const row = indexOfId[truth[n]!]!;
      if (row === classCount) continue;
      counts[row * (classCount + 1) + indexOfId[predicted[n]!]!]! += 1;
    }
  }

  /** Pixels of true class `row` that were predicted as class `column`; column classCount: unassigned. */
  at(row: number, column: number): number {
    return this.counts[row * (this.classCount + 1) + column]!;
  }

  /** Pixels whose truth is class `row`, whatever was predicted. */
  truthTotal(row: number): number {
    let total = 0;
    for (let column = 0; column <= this.classCount; column++) total += this.at(row, column);
    return total;
  }

  /** Counted pixels that were predicted as class `column`. */
  predictedTotal(column: number): number {
    let total = 0;
    for (let row = 0; row < this.classCount; row++) total += this.at(row, column);
    return total;
  }

  /** Adds another matrix of the same classes. Throws `metrics.classesDiffer`. */
  merge(other: ConfusionMatrix): void {
    const same = other.ignoreId === this.ignoreId && other.ids.join() === this.ids.join();
    if (!same) {
      throw new ProblemError({
        code: 'metrics.classesDiffer',
        title:
          `figures for the class ids ${other.ids.join(', ')} (ignore ${other.ignoreId}) cannot be added to ` +
          `those for ${this.ids.join(', ')} (ignore ${this.ignoreId})`,
      });
    }
    for (let n = 0; n < this.counts.length; n++) this.counts[n]! += other.counts[n]!;
  }

  toJSON(): ConfusionMatrixJson {
    return { version: 1, ids: [...this.ids], ignoreId: this.ignoreId, counts: [...this.counts] };
  }

  /** The matrix that toJSON wrote. Throws `metrics.json`. */
  static fromJSON(json: unknown): ConfusionMatrix {
    const parsed = confusionMatrixJsonSchema.safeParse(json);
    if (!parsed.success) {
      throw new ProblemError({
        code: 'metrics.json',
        title: 'this is not a confusion matrix',
        detail: z.prettifyError(parsed.error),
      });
    }
    const { ids, ignoreId, counts } = parsed.data;
    if (counts.length !== ids.length * (ids.length + 1)) {
      throw new ProblemError({
        code: 'metrics.json',
        title: `a confusion matrix of ${ids.length} classes has ${ids.length * (ids.length + 1)} counts, not ${counts.length}`,
      });
    }
    const matrix = new ConfusionMatrix(ids, ignoreId);
    matrix.counts.set(counts);
    return matrix;
  }
}

function idsOf(classes: ClassTable | readonly number[] | number): readonly number[] {
  if (typeof classes === 'number') return [...Array(classes).keys()];
  return 'classes' in classes ? classes.classes.map((entry) => entry.id) : [...classes];
}
