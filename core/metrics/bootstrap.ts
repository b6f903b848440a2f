import { seededRandom } from '../mask/seededRandom.ts';

export interface BootstrapOptions {
  readonly rounds: number;
  readonly seed: number;
  /** Share of the rounds between the ends: 0.95. */
  readonly level: number;
  /** Awaited every now and then, so that a thread with other things to do can do them. */
  readonly pause?: () => Promise<void>;
}

/** About so many additions between two pauses: some milliseconds. */
const ADDITIONS_PER_PAUSE = 4_000_000;

export const DEFAULT_BOOTSTRAP: Omit<BootstrapOptions, 'pause'> = { rounds: 1000, seed: 1, level: 0.95 };

/**
 * Percentile bootstrap over images (Efron 1979): every round draws as many images as there are, with replacement, and
 * computes the figures of the sums of their counts. One draw serves all columns, so that the difference of two models
 * is of the same images: a paired interval.
 *
 * @param units for each image its counts side by side; `columns` numbers each
 * @param figures the figures of the sums of some images' counts: any number of them, null where one is not defined
 * @returns for each figure the two ends, null where the images are fewer than two or a round did not define it
 */
export async function bootstrapIntervals(
  units: Float64Array,
  columns: number,
  figures: (sums: Float64Array) => readonly (number | null)[],
  { rounds, seed, level, pause }: BootstrapOptions,
): Promise<(readonly [low: number, high: number] | null)[]> {
  const count = columns === 0 ? 0 : units.length / columns;
  const width = figures(new Float64Array(columns)).length;
  if (count < 2 || rounds < 2) return Array<null>(width).fill(null);
  const random = seededRandom(seed);
  const drawn = Array.from({ length: width }, () => new Float64Array(rounds).fill(NaN));
  const sums = new Float64Array(columns);
  const perPause = Math.max(1, Math.floor(ADDITIONS_PER_PAUSE / units.length));
  for (let round = 0; round < rounds; round++) {
    if (round % perPause === perPause - 1) await pause?.();
    sums.fill(0);
    for (let n = 0; n < count; n++) {
      const from = Math.floor(random() * count) * columns;
      for (let c = 0; c < columns; c++) sums[c]! += units[from + c]!;
    }
    figures(sums).forEach((value, index) => {
      if (value !== null) drawn[index]![round] = value;
    });
  }
  return drawn.map((values) => {
    const known = values.filter((value) => !Number.isNaN(value)).sort();
    // A class of few images is missing from some rounds; where it mostly is, there is nothing to say.
    if (known.length * 2 < rounds) return null;
    return [quantile(known, (1 - level) / 2), quantile(known, (1 + level) / 2)];
  });
}

/** The value at `share` of the way through an ascending list, linear between neighbours (as numpy's); NaN of nothing. */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  const at = share * (sorted.length - 1);
  const low = Math.floor(at);
  const lower = sorted[low];
  if (lower === undefined) return NaN;
  const upper = sorted[low + 1] ?? lower;
  return lower + (upper - lower) * (at - low);
}
