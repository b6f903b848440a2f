import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { IMAGE_METRICS } from '#core/evaluation/imageMetric.ts';
import type { ImageResult } from '#core/evaluation/imageResult.ts';
import { EvaluationTable } from './evaluationTable.ts';
import { migrate } from './projectStore.migrations.ts';
import { SqliteConnection } from './sqliteConnection.ts';

/** The last schema that kept results as JSON. */
const AS_JSON = 8;

const result = (area: number): ImageResult => ({
  version: 1,
  width: 4,
  height: 1,
  ms: { decode: 1, preprocess: 0.5, inference: 30.25, postprocess: 2 },
  macs: 1e9,
  gates: { neurons: 8, bits: '0f' },
  truth: null,
  calibration: null,
  reference: { confusion: [0, 3, 1, 1], divergence: { sum: 0.25, positions: 4 } },
  worst: { x: 1, y: 0, width: area, height: 1, area },
});

test('a project whose results are JSON is opened with all of them', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dynaseg-test-'));
  const db = SqliteConnection.open(join(folder, 'old.dynaseg'));
  try {
    migrate(db, 'old', AS_JSON);
    db.run("INSERT INTO evaluation_keys (id, key) VALUES (5, 'model')");
    // Ids with gaps that are wider than a page of the migration.
    for (const id of [1, 2, 5000]) {
      db.run('INSERT INTO images (id, name, width, height, bytes, mtime_ms) VALUES (?, ?, 4, 1, 9, 9)', [
        id,
        `${id}.png`,
      ]);
      const metrics = new Uint8Array(Float64Array.from(IMAGE_METRICS, () => id).buffer);
      db.run(
        `INSERT INTO evaluation_results (image_id, key_id, sha256, truth_key, metrics, result)
         VALUES (?, 5, ?, 'none/0;255', ?, ?)`,
        [id, `sha ${id}`, metrics, JSON.stringify(result(id))],
      );
    }
    migrate(db, 'old');
    const table = new EvaluationTable(db);
    const [page] = [...table.listed([5], 10)];
    expect(page!.map(({ imageId, sha256, metrics }) => [imageId, sha256, metrics[0]![0]])).toEqual([
      [1, 'sha 1', 1],
      [2, 'sha 2', 2],
      [5000, 'sha 5000', 5000],
    ]);
    for (const id of [1, 2, 5000]) expect(table.results([id], [5]).get(id)!.get(5)).toEqual(result(id));
    expect(table.resultOfContent('sha 5000', 5)).toEqual(result(5000));
    expect(db.get("SELECT name FROM sqlite_master WHERE name = 'evaluation_results'")).toBeNull();
  } finally {
    db.close();
    rmSync(folder, { recursive: true });
  }
});
