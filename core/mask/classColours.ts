import type { ClassTable } from '../labels/classTable.ts';
import type { Rgb } from '../labels/rgb.ts';

/** Ids that the table does not have: they must not look like one that it has. */
export const UNKNOWN: Rgb = [255, 0, 255];

/**
 * RGBA by class id, four bytes in one number as the machine keeps them (so that a Uint32Array over ImageData's
 * buffer can be written), not premultiplied. The ignore index and hidden classes are 0, transparent; ids that
 * are not in the table magenta. Length 65536: every id that a mask can hold has an entry.
 */
export function classColours(
  table: ClassTable,
  { opacity = 1, hidden }: { readonly opacity?: number; readonly hidden?: ReadonlySet<number> } = {},
): Uint32Array {
  const alpha = alphaOf(opacity);
  const lookup = new Uint32Array(65536).fill(packRgba(UNKNOWN, alpha));
  for (const { id, colour } of table.classes) lookup[id] = packRgba(colour, alpha);
  lookup[table.ignoreId] = 0;
  for (const id of hidden ?? []) lookup[id] = 0;
  return lookup;
}

/** 0 to 255 of an opacity of 0 to 1. */
export function alphaOf(opacity = 1): number {
  return Math.round(Math.min(1, Math.max(0, opacity)) * 255);
}

/** A colour and its alpha (0 to 255) as one number, bytes in the machine's order. */
export function packRgba([red, green, blue]: Rgb, alpha: number): number {
  return new Uint32Array(new Uint8Array([red, green, blue, alpha]).buffer)[0]!;
}
