import { createClassIds, type ClassIds } from '#core/mask/classMap.ts';
import { applyPatch, decodePatch, encodePatch, patchBetween, type MaskPatch } from '#core/mask/patch.ts';
import { tileEquals } from '#core/mask/tile.ts';
import { maskSizeSchema } from './maskSize.ts';
import type { SqliteConnection, SqliteRow } from './sqliteConnection.ts';

/** What a mask lost. `lostSteps`: of those that were applied, the newest ones. */
export interface MaskLoss {
  readonly imageId: number;
  readonly lostSteps: number;
  /** Steps that are left to undo, where that is fewer than before; else null. */
  readonly undoDepth: number | null;
  /** Steps in the middle are gone: the mask is what the others painted. */
  readonly isPatchwork: boolean;
}

interface MaskRow {
  readonly width: number;
  readonly height: number;
  readonly bytesPerId: number;
  readonly baseId: number;
  readonly cursor: number;
  readonly snapshot: MaskPatch | null;
  readonly snapshotCursor: number;
  readonly floor: number;
}

/**
 * Makes a mask whole again of which rows may be missing or damaged: as near to its cursor as its snapshot and its
 * steps lead, every step checked against the pixels that it changed. Within a transaction. null: nothing was lost.
 */
export function repairMask(db: SqliteConnection, imageId: number, ignoreId: number): MaskLoss | null {
  const steps = readSteps(db, imageId);
  const row = db.get('SELECT * FROM masks WHERE image_id = ?', [imageId]);
  const stored = row && maskOf(row);
  const mask = stored && isPossible(stored) ? stored : guessMask(steps, ignoreId);
  if (!mask) return null;
  const found = nearestToCursor(mask, steps);
  const ids = found?.ids ?? patchwork(mask, steps);
  const cursor = found?.cursor ?? 1;
  const first = found ? lowestInRow(steps, cursor) : 2;
  const floor = first - 1;
  const last = found?.cursor === mask.cursor ? highestInRow(steps, cursor) : cursor;
  db.run(
    `UPDATE step_groups SET state = 'sealed' WHERE id IN
     (SELECT group_id FROM steps WHERE image_id = ? AND (seq < ? OR seq > ?))`,
    [imageId, first, last],
  );
  db.run('DELETE FROM steps WHERE image_id = ? AND (seq < ? OR seq > ?)', [imageId, first, last]);
  const base = createClassIds(ids.length, mask.bytesPerId === 2 ? 65535 : 255, mask.baseId);
  const { width, height } = mask;
  const snapshot = patchBetween({ width, height, ids: base }, { width, height, ids });
  db.run(
    `INSERT OR REPLACE INTO masks (image_id, width, height, bytes_per_id, base_id, cursor, snapshot,
       snapshot_cursor, floor, floor_origin) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      ...[imageId, width, height, mask.bytesPerId, mask.baseId, cursor, snapshot && encodePatch(snapshot)],
      ...[cursor, floor, typeof row?.floor_origin === 'string' ? row.floor_origin : null],
    ],
  );
  const isShorter = floor > mask.floor;
  if (found?.cursor === mask.cursor && !isShorter) return null;
  return {
    imageId,
    lostSteps: found ? mask.cursor - found.cursor : 0,
    undoDepth: isShorter && found ? cursor - floor : null,
    isPatchwork: !found,
  };
}

/** The steps whose patches can be read. */
function readSteps(db: SqliteConnection, imageId: number): ReadonlyMap<number, MaskPatch> {
  const steps = new Map<number, MaskPatch>();
  for (const row of db.all('SELECT seq, patch FROM steps WHERE image_id = ? ORDER BY seq', [imageId])) {
    const patch = patchOf(row.patch);
    if (patch) steps.set(Number(row.seq), patch);
  }
  return steps;
}

function patchOf(bytes: unknown): MaskPatch | null {
  if (!(bytes instanceof Uint8Array)) return null;
  try {
    return decodePatch(bytes);
  } catch {
    return null;
  }
}

function maskOf(row: SqliteRow): MaskRow {
  const snapshot = patchOf(row.snapshot);
  return {
    width: Number(row.width),
    height: Number(row.height),
    bytesPerId: Number(row.bytes_per_id),
    baseId: Number(row.base_id),
    cursor: Number(row.cursor),
    snapshot,
    // A snapshot that cannot be read is none; that of no difference to the base is null in the file, too.
    snapshotCursor: snapshot || row.snapshot === null ? Number(row.snapshot_cursor) : NaN,
    floor: Number(row.floor ?? 0),
  };
}

const isPossible = (size: { readonly width: number; readonly height: number }): boolean =>
  maskSizeSchema.safeParse(size).success;

/** The row is gone or senseless: what its steps say of it. */
function guessMask(steps: ReadonlyMap<number, MaskPatch>, ignoreId: number): MaskRow | null {
  const first = [...steps.values()].find(isPossible);
  if (!first) return null;
  const { width, height } = first;
  const bytesPerId = ignoreId > 255 ? 2 : first.bytesPerId;
  const cursor = Math.max(...steps.keys());
  return {
    width,
    height,
    bytesPerId,
    baseId: ignoreId,
    cursor,
    snapshot: null,
    snapshotCursor: NaN,
    floor: 0,
  };
}

const baseOf = ({ width, height, bytesPerId, baseId }: MaskRow) =>
  createClassIds(width * height, bytesPerId === 2 ? 65535 : 255, baseId);

/** Walks from the snapshot and from the base; null where neither is there. */
function nearestToCursor(
  mask: MaskRow,
  steps: ReadonlyMap<number, MaskPatch>,
): { ids: ClassIds; cursor: number } | null {
  const found: { ids: ClassIds; cursor: number }[] = [];
  if (!Number.isNaN(mask.snapshotCursor)) {
    const ids = baseOf(mask);
    const fits = mask.snapshot?.width === mask.width && mask.snapshot.height === mask.height;
    if (mask.snapshot && fits) applyPatch(ids, mask.width, mask.snapshot, 'redo');
    if (!mask.snapshot || fits) found.push(walk(mask, steps, ids, mask.snapshotCursor));
  }
  const isThere = (one: { cursor: number }) => one.cursor === mask.cursor;
  if (!found.some(isThere) && mask.floor === 0) found.push(walk(mask, steps, baseOf(mask), 0));
  const usable = found.filter(({ cursor }) => cursor > 0 && cursor <= mask.cursor);
  return (
    usable.sort((a, b) => b.cursor - a.cursor)[0] ??
    (mask.cursor === 0 ? (found.find(isThere) ?? null) : null)
  );
}

/** As far towards the cursor as the steps lead. Changes `ids`. */
function walk(
  { width, cursor: target }: MaskRow,
  steps: ReadonlyMap<number, MaskPatch>,
  ids: ClassIds,
  start: number,
): { ids: ClassIds; cursor: number } {
  let cursor = start;
  while (cursor !== target) {
    const isForward = cursor < target;
    const patch = steps.get(isForward ? cursor + 1 : cursor);
    const fits = patch?.tiles.every((tile) =>
      tileEquals(ids, width, tile, isForward ? tile.before : tile.after),
    );
    if (!patch || !fits || patch.width !== width) break;
    applyPatch(ids, width, patch, isForward ? 'redo' : 'undo');
    cursor += isForward ? 1 : -1;
  }
  return { ids, cursor };
}

/** What the steps that are left painted, whatever was under it. */
function patchwork(mask: MaskRow, steps: ReadonlyMap<number, MaskPatch>): ClassIds {
  const ids = baseOf(mask);
  for (const [seq, patch] of steps) {
    const fits = patch.width === mask.width && patch.height === mask.height;
    if (seq <= mask.cursor && fits && patch.bytesPerId <= ids.BYTES_PER_ELEMENT) {
      applyPatch(ids, mask.width, patch, 'redo');
    }
  }
  return ids;
}

function lowestInRow(steps: ReadonlyMap<number, MaskPatch>, cursor: number): number {
  let first = cursor + 1;
  while (steps.has(first - 1)) first--;
  return first;
}

function highestInRow(steps: ReadonlyMap<number, MaskPatch>, cursor: number): number {
  let last = cursor;
  while (steps.has(last + 1)) last++;
  return last;
}
