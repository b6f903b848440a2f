import { z } from 'zod';
import {
  maskOriginSchema,
  type commitStepRequestSchema,
  type HistoryState,
  type MaskOrigin,
  type movedStepSchema,
  type OpenMask,
} from '#core/ipc/schemas.ts';
import { createClassIds, type ClassIds } from '#core/mask/classMap.ts';
import {
  applyPatch,
  decodePatch,
  encodePatch,
  patchBetween,
  type MaskPatch,
  type PatchDirection,
} from '#core/mask/patch.ts';
import { tileEquals } from '#core/mask/tile.ts';
import { ProblemError } from '#core/problem.ts';
import type { SqliteConnection, SqliteRow } from './sqliteConnection.ts';

export type CommitStepRequest = z.infer<typeof commitStepRequestSchema>;
export type MovedStep = z.infer<typeof movedStepSchema>;

/** Opening a mask applies at most this many patches to the nearest snapshot. */
const STEPS_PER_SNAPSHOT = 32;

const maskRowSchema = z.object({
  image_id: z.number(),
  width: z.number(),
  height: z.number(),
  bytes_per_id: z.union([z.literal(1), z.literal(2)]),
  base_id: z.number(),
  cursor: z.number(),
  snapshot: z.instanceof(Uint8Array).nullable(),
  snapshot_cursor: z.number(),
});

interface MaskState {
  readonly imageId: number;
  readonly width: number;
  readonly height: number;
  readonly bytesPerId: 1 | 2;
  /** Every pixel before the first step. */
  readonly baseId: number;
  /** The mask after `cursor` steps. */
  readonly ids: ClassIds;
  readonly cursor: number;
  readonly snapshotCursor: number;
  /** False for a mask that has no row yet. */
  readonly stored: boolean;
}

/**
 * The edits of every image's mask in a project file. A mask is a base id everywhere, then its steps up to the
 * cursor; snapshots only make opening faster. The mask that was used last is kept, so that each new step can
 * be checked against what is really stored.
 */
export class MaskHistory {
  private last: MaskState | null = null;

  constructor(private readonly db: SqliteConnection) {}

  /** The mask at the cursor, or null where the image never had a step. */
  open(imageId: number): OpenMask | null {
    const state = this.load(imageId);
    if (!state) return null;
    const { width, height, ids, cursor } = state;
    return {
      width,
      height,
      ids: ids.slice(),
      origin: this.origin(imageId, cursor),
      history: this.history(imageId, cursor),
    };
  }

  /** Appends a step after the cursor, durably, and drops those that were undone. */
  commit(request: CommitStepRequest, baseId: number): HistoryState {
    const { imageId } = request;
    const patch = decodePatch(request.patch);
    const state = this.load(imageId) ?? newState(request, patch, baseId);
    assertFits(request, patch, state);
    applyPatch(state.ids, state.width, patch, 'redo');
    try {
      this.db.transaction(() => {
        if (!state.stored) this.insertMask(state);
        this.db.run('DELETE FROM steps WHERE image_id = ? AND seq > ?', [imageId, state.cursor]);
        const origin = request.origin ? JSON.stringify(request.origin) : null;
        this.db.run(
          'INSERT INTO steps (image_id, seq, label, patch, origin, created) VALUES (?, ?, ?, ?, ?, ?)',
          [imageId, state.cursor + 1, request.label, request.patch, origin, Date.now()],
        );
        this.last = this.moveCursor(state, state.cursor + 1);
      });
    } catch (error) {
      this.last = null;
      throw error;
    }
    return this.history(imageId, state.cursor + 1);
  }

  /** Moves the cursor over one step, durably; null where there is none in that direction. */
  move(imageId: number, direction: PatchDirection): MovedStep | null {
    const state = this.load(imageId);
    if (!state) return null;
    const seq = direction === 'undo' ? state.cursor : state.cursor + 1;
    const row = this.db.get('SELECT label, patch FROM steps WHERE image_id = ? AND seq = ?', [imageId, seq]);
    if (!row) return null;
    const bytes = bytesOf(row, 'patch');
    applyPatch(state.ids, state.width, decodePatch(bytes), direction);
    const cursor = direction === 'undo' ? seq - 1 : seq;
    try {
      this.db.transaction(() => {
        this.last = this.moveCursor(state, cursor);
      });
    } catch (error) {
      this.last = null;
      throw error;
    }
    return {
      patch: bytes,
      label: String(row.label),
      history: this.history(imageId, cursor),
      origin: this.origin(imageId, cursor),
    };
  }

  /** What the mask was started from, as of `cursor` steps. */
  origin(imageId: number, cursor: number): MaskOrigin | null {
    const row = this.db.get(
      'SELECT origin FROM steps WHERE image_id = ? AND seq <= ? AND origin IS NOT NULL ORDER BY seq DESC LIMIT 1',
      [imageId, cursor],
    );
    return row ? maskOriginSchema.parse(JSON.parse(String(row.origin))) : null;
  }

  private history(imageId: number, cursor: number): HistoryState {
    const length = this.db.get('SELECT max(seq) AS length FROM steps WHERE image_id = ?', [imageId])?.length;
    const labels = this.db.all('SELECT seq, label FROM steps WHERE image_id = ? AND seq IN (?, ?)', [
      imageId,
      cursor,
      cursor + 1,
    ]);
    const labelOf = (seq: number) => {
      const row = labels.find((candidate) => candidate.seq === seq);
      return row ? String(row.label) : null;
    };
    return {
      cursor,
      length: Number(length ?? 0),
      undoLabel: labelOf(cursor),
      redoLabel: labelOf(cursor + 1),
    };
  }

  private load(imageId: number): MaskState | null {
    if (this.last?.imageId === imageId) return this.last;
    const found = this.db.get('SELECT * FROM masks WHERE image_id = ?', [imageId]);
    if (!found) return null;
    const row = maskRowSchema.parse(found);
    const { width, height, cursor, snapshot_cursor: snapshotCursor } = row;
    const ids = createClassIds(width * height, row.bytes_per_id === 2 ? 65535 : 255, row.base_id);
    if (row.snapshot) applyPatch(ids, width, decodePatch(row.snapshot), 'redo');
    const forward = cursor >= snapshotCursor;
    const steps = this.db.all(
      `SELECT patch FROM steps WHERE image_id = ? AND seq > ? AND seq <= ? ORDER BY seq ${forward ? 'ASC' : 'DESC'}`,
      [imageId, Math.min(cursor, snapshotCursor), Math.max(cursor, snapshotCursor)],
    );
    for (const step of steps) {
      applyPatch(ids, width, decodePatch(bytesOf(step, 'patch')), forward ? 'redo' : 'undo');
    }
    this.last = {
      imageId,
      width,
      height,
      bytesPerId: row.bytes_per_id,
      baseId: row.base_id,
      ids,
      cursor,
      snapshotCursor,
      stored: true,
    };
    return this.last;
  }

  private insertMask({ imageId, width, height, bytesPerId, baseId }: MaskState): void {
    this.db.run(
      `INSERT INTO masks (image_id, width, height, bytes_per_id, base_id, cursor, snapshot, snapshot_cursor)
       VALUES (?, ?, ?, ?, ?, 0, NULL, 0)`,
      [imageId, width, height, bytesPerId, baseId],
    );
  }

  /** Stores the cursor of a mask whose ids are already there, and a snapshot where the last one is far off. */
  private moveCursor(state: MaskState, cursor: number): MaskState {
    const { imageId, width, height, ids } = state;
    // A snapshot of a state after the cursor is good only while the steps that lead to it are there.
    const dropped = cursor > state.cursor && state.snapshotCursor > state.cursor;
    const isFar = Math.abs(cursor - state.snapshotCursor) >= STEPS_PER_SNAPSHOT;
    if (!dropped && !isFar) {
      this.db.run('UPDATE masks SET cursor = ? WHERE image_id = ?', [cursor, imageId]);
      return { ...state, cursor, stored: true };
    }
    const base = createClassIds(ids.length, state.bytesPerId === 2 ? 65535 : 255, state.baseId);
    const patch = patchBetween({ width, height, ids: base }, { width, height, ids });
    this.db.run('UPDATE masks SET cursor = ?, snapshot = ?, snapshot_cursor = ? WHERE image_id = ?', [
      cursor,
      patch && encodePatch(patch),
      cursor,
      imageId,
    ]);
    return { ...state, cursor, snapshotCursor: cursor, stored: true };
  }
}

function newState(request: CommitStepRequest, patch: MaskPatch, baseId: number): MaskState {
  const { imageId, width, height } = request;
  const bytesPerId = baseId > 255 ? 2 : patch.bytesPerId;
  const ids = createClassIds(width * height, bytesPerId === 2 ? 65535 : 255, baseId);
  return { imageId, width, height, bytesPerId, baseId, ids, cursor: 0, snapshotCursor: 0, stored: false };
}

/** Throws where a step is not one from the stored mask to another: storing it would lose what undo needs. */
function assertFits(request: CommitStepRequest, patch: MaskPatch, state: MaskState): void {
  if (request.width !== state.width || request.height !== state.height) {
    throw new ProblemError({
      code: 'mask.size',
      title: `an edit of a ${request.width} x ${request.height} mask does not fit the stored ${state.width} x ${state.height} mask`,
    });
  }
  // Its size and depth are checked, and nothing is written, before the first tile.
  applyPatch(state.ids, state.width, { ...patch, tiles: [] }, 'redo');
  if (!patch.tiles.every((tile) => tileEquals(state.ids, state.width, tile, tile.before))) {
    throw new ProblemError({
      code: 'mask.diverged',
      title: 'the edit does not begin with the mask that is stored',
      hint: 'Open the image again',
    });
  }
}

function bytesOf(row: SqliteRow, column: string): Uint8Array<ArrayBuffer> {
  return z.instanceof(Uint8Array).parse(row[column]);
}
