import { createClassIds, type ClassIds } from '../mask/classMap.ts';
import { largestId, type ClassTable } from './classTable.ts';

/** For every stored value the value that it becomes; length 65536. */
export function remapTable(remap: readonly (readonly [from: number, to: number])[]): Uint16Array {
  const table = Uint16Array.from({ length: 65536 }, (_, id) => id);
  for (const [from, to] of remap) table[from] = to;
  return table;
}

/** The ids with every value replaced by `table`; the same array where no value changes. */
export function remapIds(ids: ClassIds, table: Uint16Array): ClassIds {
  const first = ids.findIndex((id) => table[id] !== id);
  if (first < 0) return ids;
  const changed = ids.slice();
  for (let index = first; index < changed.length; index++) changed[index] = table[changed[index]!]!;
  return changed;
}

/** The ids with every value replaced by that of another class table, in an array that can hold all ids of it. */
export function idsInTable(ids: ClassIds, table: Uint16Array, target: ClassTable): ClassIds {
  const changed = createClassIds(ids.length, largestId(target));
  for (let index = 0; index < ids.length; index++) changed[index] = table[ids[index]!]!;
  return changed;
}
