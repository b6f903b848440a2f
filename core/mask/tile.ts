import type { PixelRect } from '../geometry.ts';
import type { ClassIds } from './classMap.ts';

/** A copy of the tile at (x, y) of a mask `stride` ids wide; width and height at most TILE. */
export function copyTile(
  ids: ClassIds,
  stride: number,
  { x, y, width, height }: PixelRect,
): Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer> {
  const copy = ids instanceof Uint16Array ? new Uint16Array(width * height) : new Uint8Array(width * height);
  for (let row = 0; row < height; row++) {
    const start = (y + row) * stride + x;
    copy.set(ids.subarray(start, start + width), row * width);
  }
  return copy;
}

/** Writes a tile's ids at (x, y) of a mask `stride` ids wide. */
export function pasteTile(target: ClassIds, stride: number, rect: PixelRect, tile: ClassIds): void {
  for (let row = 0; row < rect.height; row++) {
    target.set(tile.subarray(row * rect.width, (row + 1) * rect.width), (rect.y + row) * stride + rect.x);
  }
}

/** Whether a mask `stride` ids wide holds exactly `tile` at `rect`. */
export function tileEquals(ids: ClassIds, stride: number, rect: PixelRect, tile: ClassIds): boolean {
  for (let row = 0; row < rect.height; row++) {
    const start = (rect.y + row) * stride + rect.x;
    for (let column = 0; column < rect.width; column++) {
      if (ids[start + column] !== tile[row * rect.width + column]) return false;
    }
  }
  return true;
}
