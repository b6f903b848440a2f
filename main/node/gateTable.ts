import { z } from 'zod';
import { gatedLayerSchema, type GatedLayer } from '#core/gates/gateLayout.ts';
import type { ImageGates } from '#core/ipc/gateCalls.ts';
import type { SqliteConnection } from './sqliteConnection.ts';
import { storedBytes, storedJson } from './storedValue.ts';

/** A student and how it was run. */
export interface GateKey {
  readonly modelSha256: string;
  /** core/inference/runSettings.ts, runSettingsKey. */
  readonly settings: string;
}

/**
 * What students' gates did for the images of a project: a bit per neuron. Nothing here cannot be computed again, so
 * it may be lost with a power cut.
 */
export class GateTable {
  constructor(private readonly db: SqliteConnection) {}

  /** Keeps the gates of images that are in the index; others are left out. */
  record(
    { modelSha256, settings }: GateKey,
    layers: readonly GatedLayer[],
    images: readonly ImageGates[],
  ): void {
    this.db.transaction(
      () => {
        this.db.run('INSERT OR REPLACE INTO gate_layers (model_sha256, layers) VALUES (?, ?)', [
          modelSha256,
          JSON.stringify(layers),
        ]);
        for (const { imageId, sha256, bits, classPixels } of images) {
          this.db.run(
            `INSERT OR REPLACE INTO gates
               (model_sha256, settings, image_id, image_sha256, bytes, mtime_ms, bits, class_pixels)
             SELECT ?, ?, id, ?, bytes, mtime_ms, ?, ? FROM images WHERE id = ?`,
            [modelSha256, settings, sha256, bits, bytesOf(classPixels), imageId],
          );
        }
      },
      { sync: false },
    );
  }

  /** Of the images of the folder whose files are as they were. */
  list({ modelSha256, settings }: GateKey): { layers: GatedLayer[] | null; images: ImageGates[] } {
    const known = this.db.get('SELECT layers FROM gate_layers WHERE model_sha256 = ?', [modelSha256]);
    const rows = this.db.all(
      `SELECT image_id, image_sha256, bits, class_pixels FROM gates JOIN images ON images.id = image_id
       WHERE model_sha256 = ? AND settings = ? AND position IS NOT NULL
         AND images.bytes = gates.bytes AND images.mtime_ms = gates.mtime_ms
       ORDER BY position`,
      [modelSha256, settings],
    );
    return {
      layers: known && storedJson(z.array(gatedLayerSchema), known.layers, 'the gated layers of a model'),
      images: rows.map((row) => ({
        imageId: Number(row.image_id),
        sha256: String(row.image_sha256),
        bits: storedBytes(row.bits, 'the gates of an image'),
        classPixels: countsOf(storedBytes(row.class_pixels, 'the classes of an image')),
      })),
    };
  }
}

const bytesOf = (counts: Uint32Array): Uint8Array =>
  new Uint8Array(counts.buffer, counts.byteOffset, counts.byteLength);

/** A copy: a view of 4-byte numbers must begin at a multiple of 4, and end at one. */
const countsOf = (bytes: Uint8Array): Uint32Array<ArrayBuffer> =>
  new Uint32Array(bytes.slice(0, bytes.length - (bytes.length % 4)).buffer);
