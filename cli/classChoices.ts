import { pairClasses, parseChoices } from '#core/formats/classPairs.ts';
import type { ClassMapping } from '#core/labels/classMapping.ts';
import { nameKey, type ClassTable } from '#core/labels/classTable.ts';
import { idTranslation, sameClasses } from '#core/labels/translateIds.ts';
import type { ModelInfo } from '#core/models/modelInfo.ts';
import { ProblemError } from '#core/problem.ts';
import { say } from './console.ts';

/** What a model's classes are in the classes that figures are counted in. */
export interface ModelClasses {
  readonly model: ModelInfo;
  /** Of `--map`, those of its classes. */
  readonly map: Readonly<Record<string, string>>;
  /** Names of its classes that are no class there: they are ignored. */
  readonly ignored: readonly string[];
  /** null: it has these classes already. */
  readonly mapping: ClassMapping | null;
}

/** How many names a message lists. */
const LISTED = 8;

export interface ClassesOptions {
  /** `old=new` each. */
  readonly map: readonly string[];
  /** What classes are that `table` does not have where nothing is chosen at all; with one choice they are ignored. */
  readonly others?: 'an error' | 'ignored';
}

/**
 * Puts models into the classes of `table`: by `--map old=new` first, then by name or alias, never by number.
 * Throws `classes.map` for a choice that no model or no class of the table fits, and `classes.unmapped` where a model has
 * classes that `table` does not have, and that is an error.
 */
export function classesIn<const Models extends readonly ModelInfo[]>(
  table: ClassTable,
  models: Models,
  { map: texts, others = 'an error' }: ClassesOptions,
): { [Place in keyof Models]: ModelClasses } {
  const choices = parseChoices(texts);
  const strange = [...choices].find(([from]) => !models.some((model) => hasClass(model, from)));
  // Throws, and names the classes that there are.
  if (strange) pairClasses(models[0]!.classTable, table, new Map([strange]));
  const classesOf = (model: ModelInfo): ModelClasses => {
    const own = new Map([...choices].filter(([from]) => hasClass(model, from)));
    const hasSame = sameClasses(model.classTable, table);
    const pairs = pairClasses(model.classTable, table, hasSame ? new Map() : own);
    const ignored = pairs.filter(({ how }) => how === 'unknown').map(({ name }) => name);
    if (ignored.length > 0 && choices.size === 0 && others === 'an error')
      throw unmapped(model, table, ignored);
    const map = Object.fromEntries(own);
    const isSame = hasSame && model.classTable.ignoreId === table.ignoreId;
    const mapping = isSame ? null : { table, translation: idTranslation(model.classTable, table, map) };
    return { model, map, ignored, mapping };
  };
  return models.map(classesOf) as { [Place in keyof Models]: ModelClasses };
}

/** Tells which classes of a model are ignored, where some are. */
export function sayIgnored({ model, ignored }: ModelClasses): void {
  if (ignored.length === 0) return;
  const count = ignored.length === 1 ? 'its class' : `${ignored.length} of its classes,`;
  say(`${model.id}: ${count} ${listed(ignored)} ${ignored.length === 1 ? 'is' : 'are'} ignored`);
}

const hasClass = ({ classTable }: ModelInfo, name: string): boolean =>
  classTable.classes.some((entry) => nameKey(entry.name) === nameKey(name));

const listed = (names: readonly string[]): string =>
  names.slice(0, LISTED).join(', ') + (names.length > LISTED ? ` and ${names.length - LISTED} more` : '');

function unmapped(model: ModelInfo, table: ClassTable, names: readonly string[]): ProblemError {
  return new ProblemError({
    code: 'classes.unmapped',
    subject: model.id,
    title: `its ${names.length === 1 ? 'class' : 'classes'} ${listed(names)} ${names.length === 1 ? 'is' : 'are'} none of ${listed(table.classes.map(({ name }) => name))}`,
    hint: `Say what they are, or that they are ignored: --map "${names[0]}=..." ; with one choice the others are ignored`,
  });
}
