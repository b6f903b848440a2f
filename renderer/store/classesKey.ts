import type { ClassTable } from '#core/labels/classTable.ts';

/** The same text for tables that give every id the same meaning, whatever the colours. One line. */
export function classesKey({ classes, ignoreId }: ClassTable): string {
  return JSON.stringify([ignoreId, ...classes.map(({ id, name, aliases = [] }) => [id, name, ...aliases])]);
}
