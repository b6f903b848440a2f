import { z } from 'zod';
import { ProblemError } from '../problem.ts';
import {
  classEntrySchema,
  classId,
  className,
  nameKey,
  type ClassEntry,
  type ClassId,
  type ClassTable,
} from './classTable.ts';
import { vocColour } from './vocColour.ts';

const idSchema = z.number().int().min(0).max(65535).transform(classId);
const nameSchema = z.string().max(80);

/** One change of a project's class table. */
export const classEditSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('add'), name: nameSchema }),
  z.strictObject({ kind: z.literal('rename'), id: idSchema, name: nameSchema }),
  z.strictObject({ kind: z.literal('recolour'), id: idSchema, colour: classEntrySchema.shape.colour }),
  /** Pixels of the sources become the target's; the target may be the ignore index. */
  z.strictObject({
    kind: z.literal('merge'),
    sources: z.array(idSchema).min(1).readonly(),
    target: idSchema,
  }),
  /** Of a class that no mask has. */
  z.strictObject({ kind: z.literal('remove'), id: idSchema }),
  /** Another number for the ignore index. */
  z.strictObject({ kind: z.literal('ignore'), id: idSchema }),
]);
export type ClassEdit = z.infer<typeof classEditSchema>;

export interface EditedTable {
  readonly table: ClassTable;
  /** What undo says: `Merge Pole into Fence`. */
  readonly label: string;
  /** Ids whose pixels change, in every mask and every step of its history; empty: no mask is touched. */
  readonly remap: readonly (readonly [from: ClassId, to: ClassId])[];
}

/** One byte per pixel is what most masks have and most trainers read. */
const LARGEST_BYTE = 255;

/**
 * A class table after an edit; the given one stays as it is. The names that a class had, and those of the classes
 * merged into it, stay its aliases, so that models and ground truth that know it by them still match.
 * Throws `classes.name`, `classes.unknown`, `classes.last`, `classes.full`, `classes.merge`, `classes.ignoreId`.
 */
export function editTable(table: ClassTable, edit: ClassEdit): EditedTable {
  switch (edit.kind) {
    case 'add':
      return add(table, edit.name);
    case 'rename':
      return rename(table, edit.id, edit.name);
    case 'recolour': {
      const { colour } = edit;
      const entry = entryOf(table, edit.id);
      return { table: replace(table, { ...entry, colour }), label: `Recolour ${entry.name}`, remap: [] };
    }
    case 'merge':
      return merge(table, edit.sources, edit.target);
    case 'remove': {
      const entry = entryOf(table, edit.id);
      return {
        table: { ...table, classes: without(table, [edit.id]) },
        label: `Remove ${entry.name}`,
        // Steps that were undone, or painted over since, may still hold it.
        remap: [[edit.id, table.ignoreId]],
      };
    }
    case 'ignore':
      return moveIgnore(table, edit.id);
  }
}

function add(table: ClassTable, asked: string): EditedTable {
  const name = freeName(table, asked, null);
  const taken = new Set<number>([table.ignoreId, ...table.classes.map(({ id }) => id)]);
  const largest = Math.max(LARGEST_BYTE, ...taken);
  let id = 0;
  while (taken.has(id)) id++;
  if (id > largest) {
    throw new ProblemError({
      code: 'classes.full',
      title: `every id from 0 to ${largest} is taken`,
      subject: name,
      hint: 'Merge or remove a class first',
    });
  }
  const used = new Set(table.classes.map(({ colour }) => colour.join()));
  let shade = id + 1;
  while (used.has(vocColour(shade).join()) && shade < 256) shade++;
  const entry: ClassEntry = { id: classId(id), name, colour: vocColour(shade) };
  return { table: { ...table, classes: [...table.classes, entry] }, label: `Add ${name}`, remap: [] };
}

function rename(table: ClassTable, id: ClassId, asked: string): EditedTable {
  const entry = entryOf(table, id);
  const name = freeName(table, asked, id);
  const renamed = { ...entry, name, aliases: aliasesOf(name, [...(entry.aliases ?? []), entry.name]) };
  return { table: replace(table, renamed), label: `Rename ${entry.name} to ${name}`, remap: [] };
}

function merge(table: ClassTable, sources: readonly ClassId[], target: ClassId): EditedTable {
  const gone = [...new Set(sources)].map((id) => entryOf(table, id));
  const targetName = className(table, target);
  if (gone.some(({ id }) => id === target)) {
    throw new ProblemError({
      code: 'classes.merge',
      title: 'a class cannot be merged into itself',
      subject: targetName,
      hint: 'Choose another class to merge into',
    });
  }
  const classes = without(
    table,
    gone.map(({ id }) => id),
  );
  const label = `Merge ${gone.map(({ name }) => name).join(', ')} into ${targetName}`;
  const remap = gone.map(({ id }) => [id, target] as const);
  if (target === table.ignoreId) return { table: { ...table, classes }, label, remap };
  const into = entryOf(table, target);
  const names = gone.flatMap(({ name, aliases }) => [name, ...(aliases ?? [])]);
  const aliases = aliasesOf(into.name, [...(into.aliases ?? []), ...names]);
  return { table: replace({ ...table, classes }, { ...into, aliases }), label, remap };
}

function moveIgnore(table: ClassTable, id: ClassId): EditedTable {
  const taken = table.classes.find((entry) => entry.id === id);
  const largest = Math.max(LARGEST_BYTE, table.ignoreId, ...table.classes.map((entry) => entry.id));
  if (taken || id > largest) {
    throw new ProblemError({
      code: 'classes.ignoreId',
      title: taken ? `${id} is the id of ${taken.name}` : `${id} is larger than ${largest}`,
      subject: 'ignore index',
      hint: `Choose a number from 0 to ${largest} that no class has`,
    });
  }
  return {
    table: { ...table, ignoreId: id },
    label: `Ignore index ${table.ignoreId} to ${id}`,
    remap: id === table.ignoreId ? [] : [[table.ignoreId, id]],
  };
}

/** The trimmed name. Throws where it is empty, `ignore`, or another class's. */
function freeName(table: ClassTable, asked: string, id: ClassId | null): string {
  const name = asked.trim();
  const other = table.classes.find((entry) => entry.id !== id && nameKey(entry.name) === nameKey(name));
  const title =
    name === ''
      ? 'a class needs a name'
      : nameKey(name) === 'ignore'
        ? 'ignore is not a class but the ignore index'
        : other
          ? `there is a class of this name already, with id ${other.id}`
          : null;
  if (title === null) return name;
  throw new ProblemError({
    code: 'classes.name',
    title,
    subject: name === '' ? undefined : name,
    hint: 'Choose another name, or merge the two',
  });
}

function aliasesOf(name: string, names: readonly string[]): readonly string[] {
  const byKey = new Map(
    names.filter((one) => nameKey(one) !== nameKey(name)).map((one) => [nameKey(one), one]),
  );
  return [...byKey.values()];
}

function entryOf(table: ClassTable, id: ClassId): ClassEntry {
  const entry = table.classes.find((one) => one.id === id);
  if (entry) return entry;
  throw new ProblemError({
    code: 'classes.unknown',
    title: `no class has id ${id}`,
    hint: 'Open the folder again: its classes may have been changed elsewhere',
  });
}

function replace(table: ClassTable, changed: ClassEntry): ClassTable {
  return { ...table, classes: table.classes.map((entry) => (entry.id === changed.id ? changed : entry)) };
}

function without(table: ClassTable, ids: readonly ClassId[]): readonly ClassEntry[] {
  const classes = table.classes.filter((entry) => !ids.includes(entry.id));
  if (classes.length > 0) return classes;
  throw new ProblemError({
    code: 'classes.last',
    title: 'a class table needs a class',
    hint: 'Add another class first',
  });
}
