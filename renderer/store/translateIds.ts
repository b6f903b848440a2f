import { findClass, idsByName, nameKey, type ClassTable } from '#core/labels/classTable.ts';
import { idsInTable } from '#core/labels/remapIds.ts';
import type { ClassIds } from '#core/mask/classMap.ts';

/** Whether two tables give every id the same class, colours aside. */
export function sameClasses(a: ClassTable, b: ClassTable): boolean {
  return (
    a.classes.length === b.classes.length &&
    a.classes.every((entry) => findClass(b, entry.id)?.name.toLowerCase() === entry.name.toLowerCase())
  );
}

/**
 * For each id of `from` the id of the class with the same name or alias in `to`, upper and lower case alike; the
 * ignore index of `to` for a class that it does not have. Length 65536, so that every stored value has one.
 */
export function idTranslation(from: ClassTable, to: ClassTable): Uint16Array {
  const byName = idsByName(to);
  const table = new Uint16Array(65536).fill(to.ignoreId);
  for (const entry of from.classes) {
    const id = byName.get(nameKey(entry.name));
    if (id !== undefined) table[entry.id] = id;
  }
  return table;
}

/** The ids in another table; the same array where both tables have the same classes and ignore index. */
export function translateIds(ids: ClassIds, from: ClassTable, to: ClassTable): ClassIds {
  if (sameClasses(from, to) && from.ignoreId === to.ignoreId) return ids;
  return idsInTable(ids, idTranslation(from, to), to);
}
