import { createHash } from 'node:crypto';
import { IMAGE_METRICS, type ImageMetric } from '#core/evaluation/imageMetric.ts';
import type { MetricHistogram, ResultFilter } from '#core/evaluation/resultQuery.ts';
import { isMaskKey, isNoTruth } from './evaluationTruth.ts';
import { sortedRows } from './sortedRows.ts';

/** What was measured of an image, as the index keeps it. */
export interface IndexedImage {
  readonly imageId: number;
  readonly sha256: string;
  readonly truthKey: string;
  /** For each contestant its figures in the order of IMAGE_METRICS; NaN where one is not known. */
  readonly metrics: readonly Float64Array[];
}

interface Facts {
  readonly sha256: string;
  readonly truthKey: string;
}

/** Rows of an EvaluationIndex. */
export type Rows = Uint32Array;

/**
 * The figures of a run in memory, a column of numbers for each contestant and metric, so that 100,000 images are
 * sorted by any of them in a moment. Rows are the images of the folder in their order.
 */
export class EvaluationIndex {
  private readonly rowOf = new Map<number, number>();
  private readonly facts: (Facts | null)[];
  /** Rows whose truth is a mask of the project. */
  private readonly byMask = new Set<number>();
  private readonly columns: Float64Array[][];
  private measured = 0;
  private puts = 0;

  constructor(
    private readonly imageIds: readonly number[],
    contestants: number,
  ) {
    imageIds.forEach((id, row) => this.rowOf.set(id, row));
    this.facts = imageIds.map(() => null);
    this.columns = Array.from({ length: contestants }, () =>
      IMAGE_METRICS.map(() => new Float64Array(imageIds.length).fill(NaN)),
    );
  }

  /** Images with figures. */
  get count(): number {
    return this.measured;
  }

  /** Images of the folder: rows are below it. */
  get length(): number {
    return this.imageIds.length;
  }

  /** SHA-256 over the ids of the images, in hexadecimal. */
  digest(): string {
    return createHash('sha256').update(Float64Array.from(this.imageIds)).digest('hex');
  }

  /** Grows with every image that is put. */
  get changes(): number {
    return this.puts;
  }

  put({ imageId, sha256, truthKey, metrics }: IndexedImage): void {
    const row = this.rowOf.get(imageId);
    if (row === undefined) return;
    this.puts++;
    if (!this.facts[row]) this.measured++;
    this.facts[row] = { sha256, truthKey };
    if (isMaskKey(truthKey)) this.byMask.add(row);
    else this.byMask.delete(row);
    metrics.forEach((values, contestant) => {
      this.columns[contestant]?.forEach((column, metric) => (column[row] = values[metric] ?? NaN));
    });
  }

  /** null: it is no image of the folder. */
  row(imageId: number): number | null {
    return this.rowOf.get(imageId) ?? null;
  }

  /** The images of rows, in their order. */
  images(rows: Rows): number[] {
    return Array.from(rows, (row) => this.imageIds[row]!);
  }

  /** The images that were measured against a mask of the project. */
  imagesByMask(): number[] {
    return Array.from(this.byMask, (row) => this.imageIds[row]!);
  }

  /** Whether an image was counted against another truth than it was run for: its confidences are gone. */
  isUncalibrated(imageId: number): boolean {
    const row = this.rowOf.get(imageId);
    return row !== undefined && this.lacksCalibration(row);
  }

  /** All such images. */
  uncalibrated(): number[] {
    return this.imageIds.filter((_, row) => this.lacksCalibration(row));
  }

  private lacksCalibration(row: number): boolean {
    return this.columns.some(
      (_, contestant) =>
        !Number.isNaN(this.column(contestant, 'miou')?.[row] ?? NaN) &&
        Number.isNaN(this.column(contestant, 'calibrationError')?.[row] ?? NaN),
    );
  }

  /** A figure of all rows, NaN where it is not known; to be filled by whoever finds it for many images at once. */
  column(contestant: number, metric: ImageMetric): Float64Array | null {
    return this.columns[contestant]?.[IMAGE_METRICS.indexOf(metric)] ?? null;
  }

  /** What the image's figures are of; null where it has none. */
  factsOf(imageId: number): Facts | null {
    const row = this.rowOf.get(imageId);
    return row === undefined ? null : (this.facts[row] ?? null);
  }

  /** null where it is not known. */
  metric(imageId: number, contestant: number, metric: ImageMetric): number | null {
    const value = this.column(contestant, metric)?.[this.rowOf.get(imageId) ?? -1];
    return value === undefined || Number.isNaN(value) ? null : value;
  }

  /** Rows with figures that lie in all ranges, and that have a truth, or none, where that is wanted. Ascending. */
  select({ ranges = [], truth }: Pick<ResultFilter, 'ranges' | 'truth'>): Rows {
    const wanted = ranges.map(({ contestant, metric, min, max }) => ({
      column: this.column(contestant, metric),
      min,
      max,
    }));
    const rows = new Uint32Array(this.facts.length);
    let count = 0;
    this.facts.forEach((facts, row) => {
      if (!facts || (truth !== undefined && (truth === 'without') !== isNoTruth(facts.truthKey))) return;
      for (const { column, min, max } of wanted) {
        const value = column?.[row] ?? NaN;
        if (!(value >= min && value <= max)) return;
      }
      rows[count++] = row;
    });
    return rows.subarray(0, count);
  }

  /** Sorted by a figure, those without it at the end; equal ones stay in their order. */
  sort(
    rows: Rows,
    by: { readonly contestant: number; readonly metric: ImageMetric; readonly descending: boolean },
  ): Rows {
    const column = this.column(by.contestant, by.metric);
    return column ? sortedRows(rows, column, by) : rows;
  }

  histogram(rows: Rows, contestant: number, metric: ImageMetric, bins: number): MetricHistogram {
    const column = this.column(contestant, metric);
    const values = Float64Array.from(rows, (row) => column?.[row] ?? NaN).filter(
      (value) => !Number.isNaN(value),
    );
    const missing = rows.length - values.length;
    if (values.length === 0) return { edges: [], counts: [], missing };
    const low = values.reduce((least, value) => Math.min(least, value), Infinity);
    const high = values.reduce((most, value) => Math.max(most, value), -Infinity);
    // All the same: one bin that holds them.
    const count = high > low ? bins : 1;
    const counts = Array<number>(count).fill(0);
    for (const value of values) {
      const bin = high > low ? Math.floor(((value - low) / (high - low)) * count) : 0;
      counts[Math.min(count - 1, bin)]! += 1;
    }
    const edges = Array.from({ length: count + 1 }, (_, n) =>
      n === count ? high : low + ((high - low) * n) / count,
    );
    return { edges, counts, missing };
  }
}
