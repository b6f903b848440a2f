import { createClassIds, type ClassIds } from './classMap.ts';
import { tileRect, TILE, type MaskPatch, type PatchTile } from './patch.ts';

/** A patch in three arrays instead of two per tile, so that it crosses to another thread without being copied. */
export interface PackedPatch {
  readonly width: number;
  readonly height: number;
  readonly bytesPerId: 1 | 2;
  /** Tile numbers, row-major, ascending. */
  readonly tiles: Uint32Array;
  /** The ids of all tiles, one after the other. */
  readonly before: ClassIds;
  readonly after: ClassIds;
}

export function packPatch({ width, height, bytesPerId, tiles }: MaskPatch): PackedPatch {
  const columns = Math.ceil(width / TILE);
  const length = tiles.reduce((sum, tile) => sum + tile.before.length, 0);
  const maxId = bytesPerId === 2 ? 65535 : 255;
  const before = createClassIds(length, maxId);
  const after = createClassIds(length, maxId);
  let at = 0;
  for (const tile of tiles) {
    before.set(tile.before, at);
    after.set(tile.after, at);
    at += tile.before.length;
  }
  const numbers = Uint32Array.from(tiles, ({ x, y }) => (y / TILE) * columns + x / TILE);
  return { width, height, bytesPerId, tiles: numbers, before, after };
}

/** The patch again; its tiles are views of the packed arrays. */
export function unpackPatch({ width, height, bytesPerId, tiles, before, after }: PackedPatch): MaskPatch {
  const unpacked: PatchTile[] = [];
  let at = 0;
  for (const index of tiles) {
    const rect = tileRect(index, width, height);
    const end = at + rect.width * rect.height;
    unpacked.push({ ...rect, before: before.subarray(at, end), after: after.subarray(at, end) });
    at = end;
  }
  return { width, height, bytesPerId, tiles: unpacked };
}
