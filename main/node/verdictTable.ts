import {
  renumberingSchema,
  verdictSchema,
  type ImageVerdicts,
  type Renumbering,
} from '#core/disputes/verdict.ts';
import type { CommittedVerdict, StoredRegion } from '#core/ipc/schemas.ts';
import type { SqliteConnection } from './sqliteConnection.ts';
import { storedBytes, storedJson } from './storedValue.ts';

/**
 * The verdicts of a project file. Each belongs to the step that fixed its region, and counts while that step is
 * applied: undo and redo move both with one cursor.
 */
export class VerdictTable {
  constructor(private readonly db: SqliteConnection) {}

  /** Within the transaction that stores the step. */
  insert(imageId: number, seq: number, { region, ...verdict }: CommittedVerdict): void {
    this.db.run('INSERT INTO verdicts (image_id, seq, verdict, region) VALUES (?, ?, ?, ?)', [
      imageId,
      seq,
      JSON.stringify(verdict),
      region,
    ]);
  }

  /** The step starts the whole mask afresh: what was said before it no longer stands. */
  insertStart(imageId: number, seq: number): void {
    this.db.run('INSERT INTO verdict_starts (image_id, seq) VALUES (?, ?)', [imageId, seq]);
  }

  /** The step changed the classes: `ids` became others. */
  insertRenumbering(imageId: number, seq: number, ids: Renumbering['ids']): void {
    this.db.run('INSERT INTO verdict_renumberings (image_id, seq, ids) VALUES (?, ?, ?)', [
      imageId,
      seq,
      JSON.stringify(ids),
    ]);
  }

  /** Forgets what belongs to steps that are dropped: those after `cursor`. */
  dropAfter(imageId: number, cursor: number): void {
    this.db.run('DELETE FROM verdicts WHERE image_id = ? AND seq > ?', [imageId, cursor]);
    this.db.run('DELETE FROM verdict_starts WHERE image_id = ? AND seq > ?', [imageId, cursor]);
    this.db.run('DELETE FROM verdict_renumberings WHERE image_id = ? AND seq > ?', [imageId, cursor]);
  }

  /** Every image with a verdict, undone ones included. */
  all(): ImageVerdicts[] {
    const images = new Map<
      number,
      {
        cursor: number;
        starts: number[];
        renumberings: Renumbering[];
        verdicts: ImageVerdicts['verdicts'][number][];
      }
    >();
    const rows = this.db.all(
      `SELECT verdicts.image_id, seq, verdict, cursor FROM verdicts
       JOIN masks ON masks.image_id = verdicts.image_id ORDER BY verdicts.image_id, seq`,
    );
    for (const row of rows) {
      const id = Number(row.image_id);
      const image = images.get(id) ?? {
        cursor: Number(row.cursor),
        starts: [],
        renumberings: [],
        verdicts: [],
      };
      images.set(id, image);
      image.verdicts.push({
        seq: Number(row.seq),
        verdict: storedJson(verdictSchema, row.verdict, 'a verdict'),
      });
    }
    const starts = this.db.all('SELECT image_id, seq FROM verdict_starts ORDER BY seq');
    for (const row of starts) images.get(Number(row.image_id))?.starts.push(Number(row.seq));
    for (const row of this.db.all('SELECT image_id, seq, ids FROM verdict_renumberings ORDER BY seq')) {
      const ids = storedJson(renumberingSchema.shape.ids, row.ids, 'the classes of a verdict');
      const change = { seq: Number(row.seq), ids };
      images.get(Number(row.image_id))?.renumberings.push(change);
    }
    return [...images].map(([imageId, image]) => ({ imageId, ...image }));
  }

  /** The regions of an image's verdicts, undone ones included. */
  regions(imageId: number): StoredRegion[] {
    return this.db
      .all('SELECT seq, region FROM verdicts WHERE image_id = ? ORDER BY seq', [imageId])
      .map((row) => ({ seq: Number(row.seq), region: storedBytes(row.region, 'the region of a verdict') }));
  }
}
