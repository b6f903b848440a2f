import { pairClasses, remapBetween } from '../formats/classPairs.ts';
import { IGNORE_NAME } from '../formats/labelmap.ts';
import type { ClassIds } from '../mask/classMap.ts';
import { findClass, idsByName, nameKey, type ClassTable } from './classTable.ts';
import { idsInTable } from './remapIds.ts';

/** Whether two tables give every id the same class, colours aside. */
export function sameClasses(a: ClassTable, b: ClassTable): boolean {
  return (
    a.classes.length === b.classes.length &&
    a.classes.every((entry) => findClass(b, entry.id)?.name.toLowerCase() === entry.name.toLowerCase())
  );
}

/** Name of a class to that of the other table, or `ignore`: what was chosen where the names are not the same. */
export type ClassChoices = Readonly<Record<string, string>>;

/**
 * For each id of `from` the id of the class that was chosen for it, else of the one with the same name or alias in `to`,
 * upper and lower case alike; the ignore index of `to` for a class that it does not have. Length 65536, so that every
 * stored value has one. Choices of classes that one of the tables does not have (any more) are passed over.
 */
export function idTranslation(from: ClassTable, to: ClassTable, choices: ClassChoices = {}): Uint16Array {
  return remapBetween(from, to, pairClasses(from, to, standingChoices(from, to, choices)));
}

/** The choices of which both classes are there. */
export function standingChoices(
  from: ClassTable,
  to: ClassTable,
  choices: ClassChoices,
): ReadonlyMap<string, string> {
  const sources = new Set(from.classes.map(({ name }) => nameKey(name)));
  const targets = idsByName(to);
  const stands = ([name, target]: [string, string]): boolean =>
    sources.has(nameKey(name)) && (nameKey(target) === IGNORE_NAME || targets.has(nameKey(target)));
  return new Map(Object.entries(choices).filter(stands));
}

/**
 * The ids in another table; the same array where both tables have the same classes and ignore index, and nothing was
 * chosen.
 */
export function translateIds(
  ids: ClassIds,
  from: ClassTable,
  to: ClassTable,
  choices: ClassChoices = {},
): ClassIds {
  const isSame = sameClasses(from, to) && from.ignoreId === to.ignoreId;
  if (isSame && standingChoices(from, to, choices).size === 0) return ids;
  return idsInTable(ids, idTranslation(from, to, choices), to);
}
