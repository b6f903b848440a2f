import {
  classId,
  createClassTable,
  DEFAULT_IGNORE_ID,
  nameKey,
  type ClassEntry,
  type ClassTable,
} from '../labels/classTable.ts';
import { vocColour } from '../labels/vocColour.ts';
import type { Rgb } from '../labels/rgb.ts';
import { ProblemError } from '../problem.ts';
import { parseClassesJson, type DeclaredClasses } from './classesJson.ts';
import { readText } from './formatText.ts';
import type { FormatFiles, NamedEntry } from './maskFormat.ts';

export const CLASSES_FILE = 'classes.json';

/** What a classes.json in the folder says, or null. Throws what parseClassesJson throws. */
export async function declaredIn(files: FormatFiles): Promise<DeclaredClasses | null> {
  if (!files.names.includes(CLASSES_FILE)) return null;
  return parseClassesJson(await readText(files, CLASSES_FILE), CLASSES_FILE);
}

/** Classes that nothing names: one for every value from 0 to 254. */
export function unnamedClasses(): ClassTable {
  return createClassTable(Array.from({ length: 255 }, (_, value) => `value ${value}`));
}

/** A table of these entries with ids from 0 on, in order; names that occur twice are an error of `subject`. */
export function tableOf(entries: readonly NamedEntry[], subject: string): ClassTable {
  const seen = new Set<string>();
  for (const { name } of entries) {
    if (seen.has(nameKey(name))) {
      throw new ProblemError({ code: 'format.names', title: `class name "${name}" occurs twice`, subject });
    }
    seen.add(nameKey(name));
  }
  const ignoreId = entries.length > DEFAULT_IGNORE_ID ? classId(65535) : DEFAULT_IGNORE_ID;
  return {
    classes: entries.map(({ name, colour }, id): ClassEntry => ({ id: classId(id), name, colour })),
    ignoreId,
  };
}

/** A table of the names that masks of all files use, one class for each that `nameKey` tells apart. */
export function tableOfLabels(labels: Iterable<string>, subject: string): ClassTable {
  const byKey = new Map<string, string>();
  for (const label of labels) if (!byKey.has(nameKey(label))) byKey.set(nameKey(label), label);
  // In the order of their names: which file is read first must not number the classes.
  const sorted = [...byKey.values()].sort();
  return tableOf(
    sorted.map((name, index) => ({ name, colour: vocColour(index + 1) })),
    subject,
  );
}

/** Place of each class in the order of the table: formats without gaps count so. */
export function indexById({ classes }: ClassTable): ReadonlyMap<number, number> {
  return new Map(classes.map(({ id }, index) => [id, index]));
}

/** Throws `format.classes` where a format holds fewer classes than the table has. */
export function assertAtMost(table: ClassTable, most: number, format: string): void {
  if (table.classes.length <= most) return;
  throw new ProblemError({
    code: 'format.classes',
    title: `${table.classes.length} classes, it can hold ${most}`,
    subject: format,
    hint: 'Choose another format, or merge classes',
  });
}

/**
 * A colour for each class that no other has, black apart: the class's own, else the next free one of the VOC palette.
 * In a mask of colours two classes of one colour would become one.
 */
export function distinctColours({ classes }: ClassTable): ReadonlyMap<number, Rgb> {
  const taken = new Set(['0,0,0']);
  const colours = new Map<number, Rgb>();
  let next = 1;
  for (const { id, colour } of classes) {
    let free = colour;
    while (taken.has(free.join())) free = vocColour(next++);
    taken.add(free.join());
    colours.set(id, free);
  }
  return colours;
}
