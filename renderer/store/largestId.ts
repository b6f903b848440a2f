import type { ClassTable } from '#core/labels/classTable.ts';

/** The largest id that a mask of this table can hold, the ignore index included. */
export function largestId(table: ClassTable): number {
  return table.classes.reduce<number>((most, entry) => Math.max(most, entry.id), table.ignoreId);
}
