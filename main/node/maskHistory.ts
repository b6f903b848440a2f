import { z } from 'zod';
import {
  maskOriginSchema,
  type commitStepRequestSchema,
  type HistoryState,
  type MaskOrigin,
  type MovedStep,
  type OpenMask,
} from '#core/ipc/schemas.ts';
import type { ClassTable } from '#core/labels/classTable.ts';
import { createClassIds, type ClassIds } from '#core/mask/classMap.ts';
import {
  applyPatch,
  decodePatch,
  encodePatch,
  patchBetween,
  type MaskPatch,
  type PatchDirection,
} from '#core/mask/patch.ts';
import type { Renumbering } from '#core/disputes/verdict.ts';
import { tileEquals } from '#core/mask/tile.ts';
import { ProblemError } from '#core/problem.ts';
import { nextTurn } from './nextTurn.ts';
import type { SqliteConnection, SqliteRow, TransactionOptions } from './sqliteConnection.ts';
import { StepGroups, type ClassTables } from './stepGroups.ts';
import { VerdictTable } from './verdictTable.ts';
import { maskSizeSchema } from './maskSize.ts';
import { storedBytes, storedJson, storedValue } from './storedValue.ts';

export type CommitStepRequest = z.infer<typeof commitStepRequestSchema>;

/** After this many steps a snapshot is written, so that opening a mask applies no more patches than that. */
const STEPS_PER_SNAPSHOT = 32;
/** While the window waits for a step there is no time for that: `settle` does it, unless it comes too rarely. */
const MOST_STEPS_PER_SNAPSHOT = 128;

/**
 * How far back undo reaches at least: when a new snapshot is written, older steps are dropped, so that the file
 * of an image that is painted for weeks does not grow without end. The mask itself is in the snapshot.
 */
export const KEPT_STEPS = 2000;

const maskRowSchema = z.object({
  image_id: z.number(),
  ...maskSizeSchema.shape,
  bytes_per_id: z.union([z.literal(1), z.literal(2)]),
  base_id: z.number(),
  cursor: z.number(),
  snapshot: z.instanceof(Uint8Array).nullable(),
  snapshot_cursor: z.number(),
  floor: z.number(),
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
  /** Steps up to this one are no longer kept. */
  readonly floor: number;
  /** False for a mask that has no row yet. */
  readonly stored: boolean;
}

/** One mask's part of a step over several. */
export interface ImagePatch {
  readonly imageId: number;
  readonly patch: MaskPatch;
  /** What the mask is started from, where it is. */
  readonly origin?: MaskOrigin | null;
}

export interface GroupRequest {
  /** `Merge Bush into Tree`: what undo says. */
  readonly label: string;
  /** Asked for one after the other, at most one per image; each may be made when it is asked for. */
  readonly patches: Iterable<ImagePatch> | AsyncIterable<ImagePatch>;
  readonly classTables: ClassTables | null;
  /** Class ids that become others with the classes: verdicts before the step are read with these. */
  readonly renumbers?: Renumbering['ids'];
  readonly signal?: AbortSignal;
}

/** Writes the change of the classes into the database, within the transaction; the classes from now on. */
type ChangeClasses = (tables: ClassTables, direction: PatchDirection) => ClassTable;

interface MoveOptions extends TransactionOptions {
  readonly withClasses: ChangeClasses;
}

type MaskSize = Pick<CommitStepRequest, 'imageId' | 'width' | 'height'>;

/** One more step of a mask. */
interface NewStep extends Omit<CommitStepRequest, 'patch'> {
  readonly patch: MaskPatch;
  readonly bytes: Uint8Array;
  readonly groupId: number | null;
}

/**
 * The edits of every image's mask in a project file. A mask is a base id everywhere, then its steps up to the
 * cursor; a snapshot of it makes opening faster, and stands for the steps that are no longer kept. The mask that
 * was used last is kept, so that each new step can be checked against what is really stored.
 */
export class MaskHistory {
  readonly verdicts: VerdictTable;
  private last: MaskState | null = null;
  private readonly groups: StepGroups;

  constructor(private readonly db: SqliteConnection) {
    this.groups = new StepGroups(db);
    this.verdicts = new VerdictTable(db);
  }

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
  commit(request: CommitStepRequest, baseId: number, options?: TransactionOptions): HistoryState {
    const step = { ...request, patch: decodePatch(request.patch), bytes: request.patch, groupId: null };
    return this.keepingLast(() => this.db.transaction(() => this.append(step, baseId, options), options));
  }

  /**
   * Appends a step to each of several masks as one durable change that undo and redo move over as one; the ids of
   * the images. Throws the signal's reason.
   */
  commitGroup(group: GroupRequest, baseId: number, withClasses: ChangeClasses): Promise<number[]> {
    const { label, patches, classTables, renumbers = [], signal } = group;
    const imageIds: number[] = [];
    const change = async () => {
      const groupId = this.groups.create(label, classTables);
      for await (const { imageId, patch, origin } of patches) {
        signal?.throwIfAborted();
        const { width, height } = patch;
        const bytes = encodePatch(patch) as Uint8Array<ArrayBuffer>;
        const step = { imageId, width, height, label, patch, bytes, origin: origin ?? null, groupId };
        const { cursor } = this.append(step, baseId);
        if (renumbers.length > 0) this.verdicts.insertRenumbering(imageId, cursor, renumbers);
        imageIds.push(imageId);
        // Everything else in this process goes on between two masks.
        await nextTurn();
      }
      signal?.throwIfAborted();
      if (classTables) withClasses(classTables, 'redo');
      return imageIds;
    };
    return this.keepingLast(() => this.db.longTransaction(change));
  }

  /**
   * Moves the cursor over one step, durably; null where there is none in that direction. A step of several masks
   * moves all of them. Throws what StepGroups.assertMovable throws.
   */
  move(imageId: number, direction: PatchDirection, options: MoveOptions): MovedStep | null {
    const state = this.load(imageId);
    if (!state) return null;
    const seq = direction === 'undo' ? state.cursor : state.cursor + 1;
    const row = this.db.get('SELECT label, patch, group_id FROM steps WHERE image_id = ? AND seq = ?', [
      imageId,
      seq,
    ]);
    if (!row || (direction === 'redo' && seq > this.lengthOf(imageId, state.cursor))) return null;
    const groupId = row.group_id === null ? null : Number(row.group_id);
    const found = groupId === null ? null : this.groups.assertMovable(groupId, direction);
    const bytes = bytesOf(row, 'patch');
    const cursor = direction === 'undo' ? seq - 1 : seq;
    let classTable: ClassTable | null = null;
    this.keepingLast(() => {
      applyPatch(state.ids, state.width, decodePatch(bytes), direction);
      this.db.transaction(() => {
        if (groupId !== null && found) {
          this.groups.move(groupId, direction, imageId);
          if (found.classTables) classTable = options.withClasses(found.classTables, direction);
        }
        this.last = this.moveCursor(state, cursor, options);
      }, options);
    });
    return {
      patch: bytes,
      label: String(row.label),
      history: this.history(imageId, cursor),
      origin: this.origin(imageId, cursor),
      group: groupId === null ? null : { masks: this.groups.masksOf(groupId), classTable },
    };
  }

  /** What the mask was started from, as of `cursor` steps. */
  origin(imageId: number, cursor: number): MaskOrigin | null {
    const row = this.db.get(
      'SELECT origin FROM steps WHERE image_id = ? AND seq <= ? AND origin IS NOT NULL ORDER BY seq DESC LIMIT 1',
      [imageId, cursor],
    );
    const text = row
      ? row.origin
      : this.db.get('SELECT floor_origin FROM masks WHERE image_id = ?', [imageId])?.floor_origin;
    return text == null ? null : storedJson(maskOriginSchema, text, 'the origin of a mask');
  }

  private append(step: NewStep, baseId: number, options?: TransactionOptions): HistoryState {
    const { imageId, patch } = step;
    const state = this.load(imageId) ?? newState(step, patch, baseId);
    assertFits(step, patch, state);
    applyPatch(state.ids, state.width, patch, 'redo');
    if (!state.stored) this.insertMask(state);
    this.groups.dropUndone(imageId, state.cursor);
    this.db.run('DELETE FROM steps WHERE image_id = ? AND seq > ?', [imageId, state.cursor]);
    this.verdicts.dropAfter(imageId, state.cursor);
    const origin = step.origin ? JSON.stringify(step.origin) : null;
    this.db.run(
      'INSERT INTO steps (image_id, seq, label, patch, origin, created, group_id) VALUES (?, ?, ?, ?, ?, ?, ?)',
      [imageId, state.cursor + 1, step.label, step.bytes, origin, Date.now(), step.groupId],
    );
    if (step.origin) this.verdicts.insertStart(imageId, state.cursor + 1);
    if (step.verdict) this.verdicts.insert(imageId, state.cursor + 1, step.verdict);
    this.last = this.moveCursor(state, state.cursor + 1, options);
    return this.history(imageId, state.cursor + 1);
  }

  /** What fails may have changed the mask in memory: it is read again. */
  private keepingLast<T>(change: () => T): T {
    const forget = (error: unknown): never => {
      this.last = null;
      throw error;
    };
    try {
      const result = change();
      return result instanceof Promise ? (result.catch(forget) as T) : result;
    } catch (error) {
      return forget(error);
    }
  }

  /** Steps up to the last that redo can reach. */
  private lengthOf(imageId: number, cursor: number): number {
    const dropped = this.groups.firstDropped(imageId, cursor);
    if (dropped !== null) return dropped - 1;
    const length = this.db.get('SELECT max(seq) AS length FROM steps WHERE image_id = ?', [imageId])?.length;
    return Math.max(Number(length ?? 0), cursor);
  }

  private history(imageId: number, cursor: number): HistoryState {
    const length = this.lengthOf(imageId, cursor);
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
      length,
      undoLabel: labelOf(cursor),
      redoLabel: cursor < length ? labelOf(cursor + 1) : null,
    };
  }

  private load(imageId: number): MaskState | null {
    if (this.last?.imageId === imageId) return this.last;
    const found = this.db.get('SELECT * FROM masks WHERE image_id = ?', [imageId]);
    if (!found) return null;
    const row = storedValue(maskRowSchema, found, 'a mask');
    const { cursor, snapshot_cursor: snapshotCursor } = row;
    const { width, height } = storedValue(maskSizeSchema, found, 'the size of a mask');
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
      floor: row.floor,
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

  /**
   * Stores a snapshot of the mask that was used last: then its pixels are in the file twice, in the snapshot and in
   * the steps, and a page that is spoilt later costs none of them.
   */
  settle(): void {
    const { last } = this;
    if (!last?.stored || last.cursor === last.snapshotCursor || this.db.inTransaction) return;
    this.keepingLast(() =>
      this.db.transaction(
        () => {
          this.last = this.storeSnapshot(last, last.cursor);
        },
        { sync: false },
      ),
    );
  }

  /** Stores the cursor of a mask whose ids are already there, and a snapshot where the last one is far off. */
  private moveCursor(state: MaskState, cursor: number, { sync = true }: TransactionOptions = {}): MaskState {
    const { imageId } = state;
    // A snapshot of a state after the cursor is good only while the steps that lead to it are there.
    const dropped = cursor > state.cursor && state.snapshotCursor > state.cursor;
    const most = sync ? STEPS_PER_SNAPSHOT : MOST_STEPS_PER_SNAPSHOT;
    const isFar = Math.abs(cursor - state.snapshotCursor) >= most;
    if (!dropped && !isFar) {
      this.db.run('UPDATE masks SET cursor = ? WHERE image_id = ?', [cursor, imageId]);
      return { ...state, cursor, stored: true };
    }
    return this.storeSnapshot(state, cursor);
  }

  private storeSnapshot(state: MaskState, cursor: number): MaskState {
    const { imageId, width, height, ids } = state;
    const base = createClassIds(ids.length, state.bytesPerId === 2 ? 65535 : 255, state.baseId);
    const patch = patchBetween({ width, height, ids: base }, { width, height, ids });
    this.db.run('UPDATE masks SET cursor = ?, snapshot = ?, snapshot_cursor = ? WHERE image_id = ?', [
      cursor,
      patch && encodePatch(patch),
      cursor,
      imageId,
    ]);
    const floor = this.dropOldest(state, cursor);
    return { ...state, cursor, snapshotCursor: cursor, floor, stored: true };
  }

  /** Drops the steps that are further back than undo has to reach; a snapshot of `cursor` is stored. */
  private dropOldest({ imageId, floor }: MaskState, cursor: number): number {
    const newFloor = cursor - KEPT_STEPS;
    if (newFloor <= floor) return floor;
    const origin = this.origin(imageId, newFloor);
    this.groups.sealUpTo(imageId, newFloor);
    this.db.run('DELETE FROM steps WHERE image_id = ? AND seq <= ?', [imageId, newFloor]);
    this.db.run('UPDATE masks SET floor = ?, floor_origin = ? WHERE image_id = ?', [
      newFloor,
      origin && JSON.stringify(origin),
      imageId,
    ]);
    return newFloor;
  }
}

function newState(request: MaskSize, patch: MaskPatch, baseId: number): MaskState {
  const { imageId, width, height } = request;
  const bytesPerId = baseId > 255 ? 2 : patch.bytesPerId;
  const ids = createClassIds(width * height, bytesPerId === 2 ? 65535 : 255, baseId);
  const none = { cursor: 0, snapshotCursor: 0, floor: 0, stored: false };
  return { imageId, width, height, bytesPerId, baseId, ids, ...none };
}

/** Throws where a step is not one from the stored mask to another: storing it would lose what undo needs. */
function assertFits(request: MaskSize, patch: MaskPatch, state: MaskState): void {
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
  return storedBytes(row[column], `the ${column} of a mask`);
}
