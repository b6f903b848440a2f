/** CSS pixels: charts are never drawn narrower than this. */
export const LEAST_CHART = 280;

/** A linear scale of a chart: data to CSS pixels. */
export interface ChartScale {
  readonly from: number;
  readonly to: number;
  /** Round values within it, ascending. */
  readonly ticks: readonly number[];
  /** Where a value lies. */
  readonly at: (value: number) => number;
}

/** The next of 1, 2, 5 times a power of ten that is not below `least`. */
function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  const factor = [1, 2, 5, 10].find((one) => one * power >= least * 0.999999) ?? 10;
  return factor * power;
}

/**
 * A scale that holds all of `values` with room at both ends, drawn from `start` to `end` (CSS pixels, `end` may be
 * the smaller). `least`, `most`: it never goes beyond them.
 */
export function chartScale(
  values: readonly number[],
  range: { readonly start: number; readonly end: number },
  { least = -Infinity, most = Infinity, tickCount = 5 } = {},
): ChartScale {
  const low = Math.min(...values);
  const high = Math.max(...values);
  const spread = high > low ? high - low : Math.max(Math.abs(high) * 0.2, 1e-6);
  const from = Math.max(least, low - spread * 0.12);
  const to = Math.min(most, high + spread * 0.12);
  const step = roundStep((to - from) / tickCount);
  const ticks: number[] = [];
  for (let n = Math.ceil(from / step - 1e-9); n * step <= to + step * 1e-9; n++) ticks.push(n * step);
  const { start, end } = range;
  return { from, to, ticks, at: (value) => start + ((value - from) / (to - from)) * (end - start) };
}

/** A tick's label with as many decimals as its neighbours need. */
export function tickLabel(value: number, ticks: readonly number[]): string {
  const step = ticks.length > 1 ? Math.abs(ticks[1]! - ticks[0]!) : Math.abs(value) || 1;
  return value.toFixed(Math.max(0, -Math.floor(Math.log10(step) + 1e-9)));
}
