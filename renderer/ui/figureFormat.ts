import type { Interval } from '#core/evaluation/evaluationFigures.ts';
import { METRIC_FACTS, type ImageMetric } from '#core/evaluation/imageMetric.ts';
import { macs, milliseconds, percent } from './format.ts';

/** What stands for a figure that is not known. */
export const UNKNOWN = '–';

/** A count with thousands apart: `12,345`. */
export const count = (value: number): string => value.toLocaleString('en');

/** A share as mIoU is written: 0.6571 as `65.7`. */
export const points = (value: number | null): string => (value === null ? UNKNOWN : (value * 100).toFixed(1));

/** A difference of shares: -0.0152 as `−1.5`, with a real minus sign and always a sign. */
export function signedPoints(value: number | null): string {
  if (value === null) return UNKNOWN;
  const text = Math.abs(value * 100).toFixed(1);
  if (Number(text) === 0) return '±0.0';
  return `${value < 0 ? '−' : '+'}${text}`;
}

/** A figure of an image in the unit of its metric. */
export function metricValue(metric: ImageMetric, value: number | null | undefined): string {
  if (value === null || value === undefined) return UNKNOWN;
  switch (METRIC_FACTS[metric].unit) {
    case 'share':
      return percent(value);
    case 'points':
      // A drop is told as it is sorted: how much is lost.
      return `${signedPoints(-value)} pt`;
    case 'pixels':
      return `${count(value)} px`;
    case 'nats':
      return `${value.toFixed(3)} nats`;
    case 'ms':
      return `${milliseconds(value)} ms`;
    case 'macs':
      return macs(value);
  }
}

/** Whether a difference is told apart from chance: its interval does not hold zero. */
export function isCertain({ low, high }: Interval): boolean {
  return low !== null && high !== null && (low > 0 || high < 0);
}

/** `64.1 – 67.0`; empty where there is no interval. */
export function range({ low, high }: Interval, format: (value: number) => string): string {
  return low === null || high === null ? '' : `${format(low)} – ${format(high)}`;
}

/** A time as people say it: `2 h 5 min`, `3 min`, `40 s`. */
export function duration(seconds: number): string {
  if (seconds < 59.5) return `${Math.max(1, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
