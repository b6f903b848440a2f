import type { ClassIds } from '../mask/classMap.ts';
import type { MaskPatch } from '../mask/patch.ts';

/** For every stored value the value that it becomes; length 65536. */
export function remapTable(remap: readonly (readonly [from: number, to: number])[]): Uint16Array {
  const table = Uint16Array.from({ length: 65536 }, (_, id) => id);
  for (const [from, to] of remap) table[from] = to;
  return table;
}

/** The ids with every value replaced; the same array where no value changes. */
export function remapIds<Ids extends ClassIds>(ids: Ids, table: Uint16Array): Ids {
  const first = ids.findIndex((id) => table[id] !== id);
  if (first < 0) return ids;
  const changed = ids.slice() as Ids;
  for (let index = first; index < changed.length; index++) changed[index] = table[changed[index]!]!;
  return changed;
}

/** Both sides of a patch with every value replaced; the same patch where no value changes. */
export function remapPatch(patch: MaskPatch, table: Uint16Array): MaskPatch {
  const tiles = patch.tiles.map((tile) => {
    const before = remapIds(tile.before, table);
    const after = remapIds(tile.after, table);
    return before === tile.before && after === tile.after ? tile : { ...tile, before, after };
  });
  return tiles.every((tile, index) => tile === patch.tiles[index]) ? patch : { ...patch, tiles };
}
