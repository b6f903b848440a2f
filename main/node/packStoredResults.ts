import { imageResultSchema } from '#core/evaluation/imageResult.ts';
import { packResult } from '#core/evaluation/packedResult.ts';
import type { SqliteConnection } from './sqliteConnection.ts';
import { pageEnd, storedJson } from './storedValue.ts';

const IMAGES_AT_ONCE = 256;

/** The migration that takes results out of their JSON: within a transaction, with the new tables there. */
export function packStoredResults(db: SqliteConnection): void {
  for (let last = 0; ;) {
    const rows = db.all(
      `SELECT image_id, key_id, result FROM evaluation_results WHERE image_id > ? AND image_id <= ?`,
      [last, last + IMAGES_AT_ONCE],
    );
    for (const { image_id: imageId = null, key_id: keyId = null, result } of rows) {
      const packed = packResult(storedJson(imageResultSchema, result, 'the results of an image'));
      db.run(
        `INSERT INTO evaluation_counts (key_id, image_id, truth_cells, reference_cells, gates, details)
         VALUES (?, ?, ?, ?, ?, ?)`,
        [keyId, imageId, packed.truthCells, packed.referenceCells, packed.gates, packed.details],
      );
    }
    const next = db.get('SELECT min(image_id) AS next FROM evaluation_results WHERE image_id > ?', [
      last + IMAGES_AT_ONCE,
    ])?.next;
    if (next == null) break;
    last = pageEnd(next, last + IMAGES_AT_ONCE, 'the list of results') - 1;
  }
  db.exec('DROP TABLE evaluation_results');
}
