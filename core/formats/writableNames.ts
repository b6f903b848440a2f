import { freeName } from '../freeName.ts';
import { nameKey } from '../labels/classTable.ts';
import { writeClassesJson, type DeclaredClasses } from './classesJson.ts';
import { CLASSES_FILE, tableOf } from './formatClasses.ts';
import type { NamedEntry, OutputFile } from './maskFormat.ts';

/** What becomes of a name in a file in which some signs have a meaning of their own. */
type Plain = (name: string) => string;

/** The names as such a file holds them, with a number behind where two would be one: `a:b`, `a b` -> `a b`, `a b 2`. */
export function writableNames(names: readonly string[], plain: Plain): string[] {
  const seen = new Set<string>();
  return names.map((name) => {
    const base = plain(name).trim() || 'class';
    const isTaken = (other: string) => seen.has(nameKey(other));
    const written = freeName(base, (number) => `${base} ${number}`, isTaken);
    seen.add(nameKey(written));
    return written;
  });
}

/** A classes.json with the names as they are, for a file that cannot hold them; nothing where it can. */
export function fullNamesFile(entries: readonly NamedEntry[], plain: Plain, subject: string): OutputFile[] {
  const names = entries.map(({ name }) => name);
  const written = writableNames(names, plain);
  if (names.every((name, index) => name.trim() === written[index])) return [];
  const classTable = tableOf(entries, subject);
  const content = () => writeClassesJson({ classTable, voidId: classTable.ignoreId });
  return [{ path: CLASSES_FILE, content }];
}

/** The classes that a file names, by their full names where the classes.json beside it is of the same classes. */
export function withFullNames(
  entries: readonly NamedEntry[],
  declared: DeclaredClasses | null,
  plain: Plain,
): readonly NamedEntry[] {
  const names = declared?.classTable.classes.map(({ name }) => name) ?? [];
  const written = writableNames(names, plain);
  const same = names.length === entries.length && entries.every(({ name }, n) => name === written[n]);
  return same ? entries.map((entry, n) => ({ ...entry, name: names[n]! })) : entries;
}
