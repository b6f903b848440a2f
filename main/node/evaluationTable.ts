import { z } from 'zod';
import { evaluationPlanSchema, type EvaluationPlan } from '#core/evaluation/evaluationPlan.ts';
import { runStateSchema, type RunState } from '#core/evaluation/evaluationRun.ts';
import { IMAGE_METRICS } from '#core/evaluation/imageMetric.ts';
import { runFactsSchema, type ImageResult, type RunFacts } from '#core/evaluation/imageResult.ts';
import type { ImageMetrics } from '#core/evaluation/imageMetrics.ts';
import { packResult, unpackResult } from '#core/evaluation/packedResult.ts';
import type { SqliteConnection, SqliteRow } from './sqliteConnection.ts';
import { pageEnd, storedBytes, storedJson, storedValue } from './storedValue.ts';

/** A run as the project file has it. */
export interface StoredRun {
  readonly id: number;
  readonly name: string;
  readonly plan: EvaluationPlan;
  readonly state: RunState;
  readonly created: number;
}

/** One contestant's part of a measured image, as it is stored. */
export interface StoredResult {
  readonly resultKey: string;
  readonly outputKey: string;
  readonly result: ImageResult;
  readonly metrics: ImageMetrics;
  /** The class map, packed (see packMap); null where it is stored already. */
  readonly map: Uint8Array | null;
}

export interface PutImage {
  readonly imageId: number;
  readonly sha256: string;
  readonly truthKey: string;
  readonly results: readonly StoredResult[];
}

/** An image's results without their details: what sorting needs. */
export interface ListedImage {
  readonly imageId: number;
  readonly sha256: string;
  readonly truthKey: string;
  /** For each key, in the order of IMAGE_METRICS; NaN where a figure is not known. */
  readonly metrics: readonly Float64Array[];
}

export interface ImageHash {
  readonly bytes: number;
  readonly mtimeMs: number;
  readonly sha256: string;
}

/** A part of PackedResult. */
export type ResultPiece = keyof typeof PIECES;

const PIECES = { truthCells: 'truth_cells', referenceCells: 'reference_cells', gates: 'gates' } as const;

export interface ResultParts {
  /** False: as if the models told no gates. They are half of the reading, and no figure of a folder needs them. */
  readonly gates?: boolean;
}

interface StoredPiece {
  readonly imageId: number;
  readonly bytes: Uint8Array;
}

/** The images of a folder in their order. */
export interface FolderRows {
  readonly length: number;
  /** A text that tells them from others, and from another order. */
  readonly digest: string;
}

const blob = z.instanceof(Uint8Array);
/** What messages call them. */
const RESULTS = 'the results of an image';

/**
 * Evaluations in a project file. Figures belong to an image and a result key (models, settings), class maps to the
 * content of a file and an output key: what any run computed serves every other one.
 */
export class EvaluationTable {
  private readonly keys = new Map<string, number>();

  constructor(private readonly db: SqliteConnection) {}

  runs(): StoredRun[] {
    return this.db.all('SELECT * FROM evaluation_runs ORDER BY id').map((row) => ({
      id: Number(row.id),
      name: String(row.name),
      plan: storedJson(evaluationPlanSchema, row.plan, 'the plan of an evaluation'),
      state: storedValue(runStateSchema, row.state, 'the state of an evaluation'),
      created: Number(row.created),
    }));
  }

  createRun(name: string, plan: EvaluationPlan): number {
    return this.db.run('INSERT INTO evaluation_runs (name, plan, state, created) VALUES (?, ?, ?, ?)', [
      name,
      JSON.stringify(plan),
      'ready',
      Date.now(),
    ]);
  }

  setState(runId: number, state: RunState): void {
    this.db.run('UPDATE evaluation_runs SET state = ? WHERE id = ?', [state, runId]);
  }

  /** `kept`: result and output keys that other runs need; what has none of them goes. */
  removeRun(runId: number, kept: readonly string[]): void {
    const ids = kept.map((key) => this.keyId(key)).join(', ');
    this.db.transaction(() => {
      this.db.run('DELETE FROM evaluation_runs WHERE id = ?', [runId]);
      this.db.exec(`DELETE FROM evaluation_figures WHERE key_id NOT IN (${ids})`);
      this.db.exec(`DELETE FROM evaluation_counts WHERE key_id NOT IN (${ids})`);
      this.db.exec(`DELETE FROM evaluation_maps WHERE key_id NOT IN (${ids})`);
      this.db.exec(`DELETE FROM gate_distances WHERE key_id NOT IN (${ids})`);
    });
  }

  /** The number by which a key is stored. */
  keyId(key: string): number {
    let id = this.keys.get(key);
    if (id === undefined) {
      const row = this.db.get('SELECT id FROM evaluation_keys WHERE key = ?', [key]);
      id = row ? Number(row.id) : this.db.run('INSERT INTO evaluation_keys (key) VALUES (?)', [key]);
      this.keys.set(key, id);
    }
    return id;
  }

  /** What is known of the files' contents, by image, in pages of so many. */
  *hashes(images: number): Generator<[imageId: number, hash: ImageHash][]> {
    for (let after = 0; ;) {
      const rows = this.db.all(
        `SELECT image_id, bytes, mtime_ms, sha256 FROM image_hashes
         WHERE image_id > ? ORDER BY image_id LIMIT ?`,
        [after, images],
      );
      const last = rows.at(-1);
      if (!last) return;
      yield rows.map((row) => [
        Number(row.image_id),
        { bytes: Number(row.bytes), mtimeMs: Number(row.mtime_ms), sha256: String(row.sha256) },
      ]);
      after = pageEnd(last.image_id, after, 'what is known of files');
    }
  }

  setHash(imageId: number, { bytes, mtimeMs, sha256 }: ImageHash): void {
    this.db.transaction(
      () =>
        this.db.run(
          `INSERT INTO image_hashes (image_id, bytes, mtime_ms, sha256) VALUES (?, ?, ?, ?)
           ON CONFLICT (image_id) DO UPDATE SET bytes = excluded.bytes, mtime_ms = excluded.mtime_ms, sha256 = excluded.sha256`,
          [imageId, bytes, mtimeMs, sha256],
        ),
      { sync: false },
    );
  }

  /** All contestants of an image at once; survives a kill of the process, and a power cut after the next flush. */
  put({ imageId, sha256, truthKey, results }: PutImage): void {
    const ids = results.map(
      ({ resultKey, outputKey }) => [this.keyId(resultKey), this.keyId(outputKey)] as const,
    );
    this.db.transaction(
      () => {
        results.forEach(({ result, metrics, map }, index) => {
          const [keyId, outputId] = ids[index]!;
          if (map) this.insertMap(sha256, outputId, result, map);
          this.db.run(
            `INSERT OR REPLACE INTO evaluation_figures (key_id, image_id, sha256, truth_key, metrics)
             VALUES (?, ?, ?, ?, ?)`,
            [keyId, imageId, sha256, truthKey, packMetrics(metrics)],
          );
          const { truthCells, referenceCells, gates, details } = packResult(result);
          this.db.run(
            `INSERT OR REPLACE INTO evaluation_counts
               (key_id, image_id, truth_cells, reference_cells, gates, details) VALUES (?, ?, ?, ?, ?, ?)`,
            [keyId, imageId, truthCells, referenceCells, gates, details],
          );
          this.db.run('DELETE FROM gate_distances WHERE key_id = ?', [keyId]);
        });
      },
      { sync: false },
    );
  }

  /**
   * What was measured alike under all keys, by image, in pages: of the images that have something under the first key
   * so many at once.
   */
  *listed(keyIds: readonly number[], images: number): Generator<ListedImage[]> {
    const [first = -1, ...others] = keyIds;
    const columns = 'SELECT image_id, sha256, truth_key, metrics FROM evaluation_figures WHERE key_id = ?';
    for (let after = 0; ;) {
      const page = this.db.all(`${columns} AND image_id > ? ORDER BY image_id LIMIT ?`, [
        first,
        after,
        images,
      ]);
      const end = page.at(-1);
      if (!end) return;
      const last = pageEnd(end.image_id, after, RESULTS);
      const beside = others.map((keyId) => {
        const rows = this.db.all(`${columns} AND image_id > ? AND image_id <= ?`, [keyId, after, last]);
        return new Map(rows.map((row) => [row.image_id, row]));
      });
      yield page.flatMap((row): ListedImage[] => {
        const { image_id: imageId, sha256, truth_key: truthKey } = row;
        const own = [row, ...beside.map((rows) => rows.get(imageId))];
        const alike = own.filter((one) => one?.sha256 === sha256 && one?.truth_key === truthKey);
        if (alike.length < keyIds.length) return [];
        const metrics = alike.map((one) =>
          unpackMetrics(storedBytes(one?.metrics, 'the figures of an image')),
        );
        return [{ imageId: Number(imageId), sha256: String(sha256), truthKey: String(truthKey), metrics }];
      });
      after = last;
    }
  }

  /** The results of some images under some keys, by image and key: see ResultParts. Throws as unpackResult. */
  results(
    imageIds: readonly number[],
    keyIds: readonly number[],
    { gates = true }: ResultParts = {},
  ): Map<number, Map<number, ImageResult>> {
    const found = new Map<number, Map<number, ImageResult>>();
    const rows = this.db.all(
      `SELECT key_id, image_id, truth_cells, reference_cells, ${gates ? 'gates' : 'NULL AS gates'}, details
       FROM evaluation_counts
       WHERE key_id IN (${keyIds.join(', ')}) AND image_id IN (${imageIds.join(', ')})`,
    );
    for (const row of rows) {
      const imageId = Number(row.image_id);
      const results = found.get(imageId) ?? new Map<number, ImageResult>();
      found.set(imageId, results.set(Number(row.key_id), resultOf(row)));
    }
    return found;
  }

  /** One piece of the packed results under a key, by image, in pages of so many; images without it are left out. */
  *pieces(keyId: number, piece: ResultPiece, images: number): Generator<StoredPiece[]> {
    for (let after = 0; ;) {
      const rows = this.db.all(
        `SELECT image_id, ${PIECES[piece]} AS piece FROM evaluation_counts
         WHERE key_id = ? AND image_id > ? ORDER BY image_id LIMIT ?`,
        [keyId, after, images],
      );
      const last = rows.at(-1);
      if (!last) return;
      yield rows.flatMap(({ image_id: imageId, piece: bytes }) =>
        bytes == null ? [] : [{ imageId: Number(imageId), bytes: storedBytes(bytes, RESULTS) }],
      );
      after = pageEnd(last.image_id, after, RESULTS);
    }
  }

  /** A figure for each row of `folder`, NaN where an image has none; null where results or images are others now. */
  gateDistances(keyId: number, folder: FolderRows): Float64Array | null {
    const row = this.db.get('SELECT distances FROM gate_distances WHERE key_id = ? AND folder = ?', [
      keyId,
      folder.digest,
    ]);
    if (!row) return null;
    const bytes = storedBytes(row.distances, RESULTS).slice();
    if (bytes.length !== folder.length * Float64Array.BYTES_PER_ELEMENT) return null;
    return new Float64Array(bytes.buffer);
  }

  /** Kept until a result under the key changes. */
  putGateDistances(
    columns: readonly { readonly keyId: number; readonly distances: Float64Array }[],
    folder: FolderRows,
  ): void {
    this.db.transaction(
      () => {
        for (const { keyId, distances } of columns) {
          this.db.run('INSERT OR REPLACE INTO gate_distances (key_id, folder, distances) VALUES (?, ?, ?)', [
            keyId,
            folder.digest,
            new Uint8Array(distances.buffer, distances.byteOffset, distances.byteLength),
          ]);
        }
      },
      { sync: false },
    );
  }

  /** Figures of the same content under any image: those that do not depend on the truth hold for it too. */
  resultOfContent(sha256: string, keyId: number): ImageResult | null {
    const row = this.db.get(
      `SELECT evaluation_counts.* FROM evaluation_figures JOIN evaluation_counts USING (key_id, image_id)
       WHERE sha256 = ? AND key_id = ? LIMIT 1`,
      [sha256, keyId],
    );
    return row && resultOf(row);
  }

  /** A class map as it was packed; null where there is none. */
  map(sha256: string, outputKey: string): Uint8Array | null {
    const row = this.db.get(
      `SELECT map FROM evaluation_maps JOIN evaluation_keys ON evaluation_keys.id = key_id
       WHERE sha256 = ? AND key = ?`,
      [sha256, outputKey],
    );
    return row && storedBytes(row.map, 'the class map of an image');
  }

  /** A class map beside any evaluation; survives a kill of the process, and a power cut after the next flush. */
  putMap(sha256: string, outputKey: string, { facts, map }: { facts: RunFacts; map: Uint8Array }): void {
    const outputId = this.keyId(outputKey);
    this.db.transaction(() => this.insertMap(sha256, outputId, facts, map), { sync: false });
  }

  private insertMap(sha256: string, outputId: number, facts: RunFacts, map: Uint8Array): void {
    this.db.run('INSERT OR REPLACE INTO evaluation_maps (sha256, key_id, facts, map) VALUES (?, ?, ?, ?)', [
      sha256,
      outputId,
      JSON.stringify(runFactsSchema.parse(facts)),
      map,
    ]);
  }

  /**
   * The masks that a person changed after they were last started from a model, the truth or nothing, by image: a text
   * that names their state.
   */
  correctedMasks(): Map<number, string> {
    const rows = this.db.all(
      `SELECT masks.image_id, cursor, floor, created,
         (SELECT max(seq) FROM steps AS s WHERE s.image_id = masks.image_id AND seq <= cursor AND origin IS NOT NULL) AS started
       FROM masks LEFT JOIN steps ON steps.image_id = masks.image_id AND steps.seq = cursor
       WHERE cursor > 0`,
    );
    const masks = new Map<number, string>();
    for (const row of rows) {
      const cursor = Number(row.cursor);
      const started = Math.max(Number(row.started ?? 0), 0);
      if (cursor > started || Number(row.floor) > started) {
        masks.set(Number(row.image_id), `mask ${cursor} ${String(row.created)}`);
      }
    }
    return masks;
  }
}

function resultOf(row: SqliteRow): ImageResult {
  return unpackResult({
    truthCells: storedValue(blob.nullable(), row.truth_cells, RESULTS),
    referenceCells: storedValue(blob.nullable(), row.reference_cells, RESULTS),
    gates: storedValue(blob.nullable(), row.gates, RESULTS),
    details: storedBytes(row.details, RESULTS),
  });
}

function packMetrics(metrics: ImageMetrics): Uint8Array {
  const values = Float64Array.from(IMAGE_METRICS, (metric) => metrics[metric] ?? NaN);
  return new Uint8Array(values.buffer);
}

/** A file of a version with fewer figures has none of the newer ones; nor has what was cut off. */
function unpackMetrics(bytes: Uint8Array): Float64Array {
  const values = new Float64Array(IMAGE_METRICS.length).fill(NaN);
  const stored = bytes.slice(0, bytes.length - (bytes.length % values.BYTES_PER_ELEMENT));
  values.set(new Float64Array(stored.buffer).subarray(0, values.length));
  return values;
}
