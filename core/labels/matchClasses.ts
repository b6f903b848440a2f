import { idsByName, nameKey, type ClassId, type ClassTable } from './classTable.ts';

export interface ClassMatch {
  /** Target id of each source id; the target's ignoreId where the target has no class of that name. */
  readonly targetOf: ReadonlyMap<number, ClassId>;
  /** Names of the source classes that the target does not have. */
  readonly missing: readonly string[];
  /** Ids stay as they are. */
  readonly identical: boolean;
}

/** Matches classes by name (case and surrounding spaces aside) or by the target's aliases, never by luck of index. */
export function matchClasses(source: ClassTable, target: ClassTable): ClassMatch {
  const byName = idsByName(target);
  const targetOf = new Map<number, ClassId>([[source.ignoreId, target.ignoreId]]);
  const missing: string[] = [];
  for (const { id, name } of source.classes) {
    const match = byName.get(nameKey(name));
    if (match === undefined) missing.push(name);
    targetOf.set(id, match ?? target.ignoreId);
  }
  return { targetOf, missing, identical: [...targetOf].every(([from, to]) => from === to) };
}
