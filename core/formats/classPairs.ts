import { idsByName, nameKey, type ClassId, type ClassTable } from '../labels/classTable.ts';
import { ProblemError } from '../problem.ts';
import { BACKGROUND, IGNORE_NAME } from './labelmap.ts';

/** What a class of the masks becomes. */
export interface ClassPair {
  readonly name: string;
  /** Of the masks. */
  readonly sourceId: number;
  /** Of the target table; its ignoreId for pixels to ignore, null where nothing says what it is. */
  readonly targetId: ClassId | null;
  /** By its name, by a name that is known for the same, by hand, as background, or not at all. */
  readonly how: 'name' | 'alias' | 'chosen' | 'background' | 'unknown';
}

/**
 * Pairs the classes of two tables by hand (`chosen`: name of the source to name of the target, or `ignore`), by name,
 * and by alias of either side; never by number. Background that the target does not have is ignored.
 * Throws `classes.map` for a choice that names no class.
 */
export function pairClasses(
  source: ClassTable,
  target: ClassTable,
  chosen: ReadonlyMap<string, string>,
): ClassPair[] {
  const byName = idsByName(target);
  const wanted = new Map([...chosen].map(([from, to]) => [nameKey(from), to]));
  const sourceNames = new Set(source.classes.map(({ name }) => nameKey(name)));
  for (const [from, to] of chosen) {
    if (!sourceNames.has(nameKey(from))) throw noClass(from, source, 'the masks');
    if (nameKey(to) !== IGNORE_NAME && !byName.has(nameKey(to))) throw noClass(to, target, 'the target');
  }
  return source.classes.map(({ id, name, aliases = [] }): ClassPair => {
    const by = (targetId: ClassId, how: ClassPair['how']) => ({ name, sourceId: id, targetId, how });
    const to = wanted.get(nameKey(name));
    if (to !== undefined) return by(byName.get(nameKey(to)) ?? target.ignoreId, 'chosen');
    const own = target.classes.find((entry) => nameKey(entry.name) === nameKey(name));
    if (own) return by(own.id, 'name');
    const alias = [name, ...aliases].map((one) => byName.get(nameKey(one))).find((one) => one !== undefined);
    if (alias !== undefined) return by(alias, 'alias');
    if (nameKey(name) === BACKGROUND) return by(target.ignoreId, 'background');
    return { name, sourceId: id, targetId: null, how: 'unknown' };
  });
}

/** For every stored value what it becomes; length 65536. What no class has is the target's ignoreId. */
export function remapBetween(
  source: ClassTable,
  target: ClassTable,
  pairs: readonly ClassPair[],
): Uint16Array {
  const table = new Uint16Array(65536).fill(target.ignoreId);
  for (const { sourceId, targetId } of pairs) table[sourceId] = targetId ?? target.ignoreId;
  table[source.ignoreId] = target.ignoreId;
  return table;
}

/**
 * `old=new` as it is written on a command line. Throws `classes.map` for a text without `=`.
 */
export function parseChoices(texts: readonly string[]): Map<string, string> {
  return new Map(
    texts.map((text) => {
      const at = text.indexOf('=');
      const [from, to] = [text.slice(0, at).trim(), text.slice(at + 1).trim()];
      if (at < 1 || from === '' || to === '') {
        throw new ProblemError({
          code: 'classes.map',
          title: `"${text}" does not say what becomes of a class`,
          hint: 'It looks like "car=Car", or "static=ignore"',
        });
      }
      return [from, to];
    }),
  );
}

function noClass(name: string, { classes }: ClassTable, where: string): ProblemError {
  return new ProblemError({
    code: 'classes.map',
    title: `${where} ${where.endsWith('s') ? 'have' : 'has'} no class "${name}"`,
    hint: `There are ${classes.map((entry) => entry.name).join(', ')}`,
  });
}
