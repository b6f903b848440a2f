import type { ClassEntry, ClassTable } from './classTable.ts';

/**
 * Takes a change of the classes (`from` to `to`) over to a table that was changed otherwise since: a class that
 * the change left alone, or that is no longer as it was after `from`, stays as `current` has it; the rest becomes
 * what `to` says. Undoing is the change from after to before.
 */
export function rebaseClassTable(
  current: ClassTable,
  { from, to }: { readonly from: ClassTable; readonly to: ClassTable },
): ClassTable {
  const old = byId(from);
  const wanted = byId(to);
  const now = byId(current);
  const ids = new Set([...wanted.keys(), ...now.keys()]);
  const classes: ClassEntry[] = [];
  for (const id of ids) {
    const entry = isSame(now.get(id), old.get(id)) ? wanted.get(id) : now.get(id);
    if (entry) classes.push(entry);
  }
  const ignoreId = current.ignoreId === from.ignoreId ? to.ignoreId : current.ignoreId;
  return { classes, ignoreId };
}

const byId = (table: ClassTable) =>
  new Map<number, ClassEntry>(table.classes.map((entry) => [entry.id, entry]));

function isSame(a: ClassEntry | undefined, b: ClassEntry | undefined): boolean {
  if (!a || !b) return a === b;
  const text = ({ name, colour, aliases = [] }: ClassEntry) => JSON.stringify([name, colour, aliases]);
  return text(a) === text(b);
}
