import { z } from 'zod';
import { className, type ClassTable } from './classTable.ts';

/** What the masks of a project hold, one entry per mask: pixels by class id. */
export const classUsageSchema = z.object({
  masks: z.array(z.array(z.tuple([z.number().int(), z.number().int().positive()]))),
});
export type ClassUsage = z.infer<typeof classUsageSchema>;

/** One class over all masks. */
export interface ClassCount {
  readonly images: number;
  readonly pixels: number;
}

/** Masks that have the value at all, and its pixels in them, by value. */
export function countByClass(usage: ClassUsage): ReadonlyMap<number, ClassCount> {
  const counts = new Map<number, { images: number; pixels: number }>();
  for (const mask of usage.masks) {
    for (const [id, pixels] of mask) {
      const count = counts.get(id) ?? { images: 0, pixels: 0 };
      counts.set(id, { images: count.images + 1, pixels: count.pixels + pixels });
    }
  }
  return counts;
}

export interface MergePreview {
  /** Each class that goes, with what becomes the target. */
  readonly sources: readonly (ClassCount & { readonly id: number; readonly name: string })[];
  /** Masks that change. */
  readonly images: number;
  /** Pixels that change, in all of them. */
  readonly pixels: number;
  /** The target before and after. */
  readonly before: ClassCount;
  readonly after: ClassCount;
}

/** What merging `sources` into `target` would change in these masks, before anything is changed. */
export function previewMerge(
  usage: ClassUsage,
  table: ClassTable,
  { sources, target }: { readonly sources: readonly number[]; readonly target: number },
): MergePreview {
  const going = new Set(sources);
  const counts = countByClass(usage);
  const none = { images: 0, pixels: 0 };
  const rows = [...going].map((id) => ({ id, name: className(table, id), ...(counts.get(id) ?? none) }));
  const pixels = rows.reduce((sum, row) => sum + row.pixels, 0);
  const before = counts.get(target) ?? none;
  const has = (mask: ClassUsage['masks'][number], ids: ReadonlySet<number>) =>
    mask.some(([id]) => ids.has(id));
  const images = usage.masks.filter((mask) => has(mask, going)).length;
  const either = new Set([...going, target]);
  const after = {
    images: usage.masks.filter((mask) => has(mask, either)).length,
    pixels: before.pixels + pixels,
  };
  return { sources: rows, images, pixels, before, after };
}
