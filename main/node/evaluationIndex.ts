import { IMAGE_METRICS, type ImageMetric } from '#core/evaluation/imageMetric.ts';
import type { MetricHistogram, ResultFilter } from '#core/evaluation/resultQuery.ts';

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

/**
 * The figures of a run in memory, a column of numbers for each contestant and metric, so that 100,000 images are
 * sorted by any of them in a moment. Rows are the images of the folder in their order.
 */
export class EvaluationIndex {
  private readonly rowOf = new Map<number, number>();
  private readonly facts: (Facts | null)[];
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
    metrics.forEach((values, contestant) => {
      this.columns[contestant]?.forEach((column, metric) => (column[row] = values[metric] ?? NaN));
    });
  }

  /** Puts one figure of many images. `values`: null where it is not known. */
  fill(
    contestant: number,
    metric: ImageMetric,
    imageIds: readonly number[],
    values: readonly (number | null)[],
  ): void {
    const column = this.columnOf(contestant, metric);
    imageIds.forEach((imageId, n) => {
      const row = this.rowOf.get(imageId);
      if (column && row !== undefined) column[row] = values[n] ?? NaN;
    });
  }

  /** What the image's figures are of; null where it has none. */
  factsOf(imageId: number): Facts | null {
    const row = this.rowOf.get(imageId);
    return row === undefined ? null : (this.facts[row] ?? null);
  }

  /** null where it is not known. */
  metric(imageId: number, contestant: number, metric: ImageMetric): number | null {
    const value = this.columnOf(contestant, metric)?.[this.rowOf.get(imageId) ?? -1];
    return value === undefined || Number.isNaN(value) ? null : value;
  }

  /** Images with figures that lie in all ranges and pass `accepts`, in the order of the folder. */
  select(ranges: ResultFilter['ranges'], accepts: (imageId: number) => boolean): number[] {
    const wanted = (ranges ?? []).map((range) => ({
      ...range,
      column: this.columnOf(range.contestant, range.metric),
    }));
    return this.imageIds.filter((imageId, row) => {
      if (!this.facts[row]) return false;
      const inside = wanted.every(({ column, min, max }) => {
        const value = column?.[row] ?? NaN;
        return value >= min && value <= max;
      });
      return inside && accepts(imageId);
    });
  }

  /** Sorted by a figure, those without it at the end; equal ones stay in their order. */
  sort(
    imageIds: readonly number[],
    by: { readonly contestant: number; readonly metric: ImageMetric; readonly descending: boolean },
  ): number[] {
    const column = this.columnOf(by.contestant, by.metric);
    const sign = by.descending ? -1 : 1;
    // Keys side by side with their ids: a comparison looks nothing up.
    const keyed = imageIds.map((imageId, at) => ({
      imageId,
      at,
      value: column?.[this.rowOf.get(imageId) ?? -1] ?? NaN,
    }));
    const known = keyed.filter(({ value }) => !Number.isNaN(value));
    known.sort((a, b) => sign * (a.value - b.value) || a.at - b.at);
    const unknown = keyed.filter(({ value }) => Number.isNaN(value));
    return [...known, ...unknown].map(({ imageId }) => imageId);
  }

  histogram(
    imageIds: readonly number[],
    contestant: number,
    metric: ImageMetric,
    bins: number,
  ): MetricHistogram {
    const column = this.columnOf(contestant, metric);
    const values = imageIds
      .map((imageId) => column?.[this.rowOf.get(imageId) ?? -1] ?? NaN)
      .filter((value) => !Number.isNaN(value));
    const missing = imageIds.length - values.length;
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

  private columnOf(contestant: number, metric: ImageMetric): Float64Array | undefined {
    return this.columns[contestant]?.[IMAGE_METRICS.indexOf(metric)];
  }
}
