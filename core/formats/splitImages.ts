import { z } from 'zod';
import { seededRandom } from '../mask/seededRandom.ts';
import { lastPart, withoutEnding } from './flatNames.ts';
import type { Split } from './maskFormat.ts';

export const SPLIT_KINDS = ['none', 'random', 'drive'] as const;
export type SplitKind = (typeof SPLIT_KINDS)[number];

export const splitOptionsSchema = z.object({
  /** `none`: all are for training; `drive`: all images of a drive go to the same part. */
  by: z.enum(SPLIT_KINDS),
  /** Share of the images to validate on. */
  valShare: z.number().min(0).max(1),
  seed: z.number().int().nonnegative(),
});
export type SplitOptions = z.infer<typeof splitOptionsSchema>;

/** The drive that an image was taken on: the part of its file name before the first `_`, as models/training has it. */
export function driveOf(name: string): string {
  return withoutEnding(lastPart(name)).split('_', 1)[0]!;
}

/**
 * Which part each image belongs to; the same names, options and seed always give the same answer. By drive, whole
 * drives are taken until the share is reached, and at least one is left to train on.
 */
export function splitImages(names: readonly string[], { by, valShare, seed }: SplitOptions): Split[] {
  const wanted = Math.round(names.length * valShare);
  if (by === 'none' || wanted === 0) return names.map(() => 'train');
  const random = seededRandom(seed);
  if (by === 'random') {
    const chosen = new Set(shuffled([...names].sort(), random).slice(0, wanted));
    return names.map((name) => (chosen.has(name) ? 'val' : 'train'));
  }
  const counts = new Map<string, number>();
  for (const name of names) counts.set(driveOf(name), (counts.get(driveOf(name)) ?? 0) + 1);
  const chosen = new Set<string>();
  let images = 0;
  for (const drive of shuffled([...counts.keys()].sort(), random)) {
    if (images >= wanted || chosen.size === counts.size - 1) break;
    chosen.add(drive);
    images += counts.get(drive)!;
  }
  return names.map((name) => (chosen.has(driveOf(name)) ? 'val' : 'train'));
}

/** Fisher and Yates. */
function shuffled<T>(values: T[], random: () => number): T[] {
  for (let last = values.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [values[last], values[other]] = [values[other]!, values[last]!];
  }
  return values;
}
