import type { ClassIds } from '../mask/classMap.ts';
import type { MaskPatch } from '../mask/patch.ts';
import { copyTile, tileEquals } from '../mask/tile.ts';

/**
 * The same edit on another mask: the pixels that it changed are changed to the same ids, all others are those of
 * `ids`, a mask of the patch's width. The same patch where it begins with `ids` already.
 */
export function rebasePatch(patch: MaskPatch, ids: ClassIds): MaskPatch {
  const tiles = patch.tiles.map((tile) => {
    if (tileEquals(ids, patch.width, tile, tile.before)) return tile;
    const before = copyTile(ids, patch.width, tile);
    const after = before.slice();
    tile.after.forEach((id, index) => {
      if (id !== tile.before[index]) after[index] = id;
    });
    return { ...tile, before, after };
  });
  return tiles.every((tile, index) => tile === patch.tiles[index]) ? patch : { ...patch, tiles };
}
