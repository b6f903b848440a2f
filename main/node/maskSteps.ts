import { decodeRegion } from '#core/disputes/region.ts';
import { verdictSchema } from '#core/disputes/verdict.ts';
import { maskOriginSchema } from '#core/ipc/schemas.ts';
import { decodePatch } from '#core/mask/patch.ts';
import type { ProvenanceStep } from './maskProvenance.ts';
import type { SqliteConnection } from './sqliteConnection.ts';
import { storedBytes, storedJson } from './storedValue.ts';

/** The steps of a mask that are applied and still kept, one after the other. */
export function* readMaskSteps(db: SqliteConnection, imageId: number): Generator<ProvenanceStep> {
  const rows = db.all(
    `SELECT steps.seq AS seq FROM steps JOIN masks USING (image_id)
     WHERE image_id = ? AND steps.seq <= masks.cursor ORDER BY steps.seq`,
    [imageId],
  );
  for (const { seq } of rows) {
    const step = db.get('SELECT label, patch, origin FROM steps WHERE image_id = ? AND seq = ?', [
      imageId,
      seq!,
    ]);
    if (!step) continue;
    const given = db.get('SELECT verdict, region FROM verdicts WHERE image_id = ? AND seq = ?', [
      imageId,
      seq!,
    ]);
    yield {
      label: String(step.label),
      origin: step.origin === null ? null : storedJson(maskOriginSchema, step.origin, 'the origin of a mask'),
      patch: decodePatch(storedBytes(step.patch, 'a step')),
      verdict: given
        ? {
            verdict: storedJson(verdictSchema, given.verdict, 'a verdict'),
            region: decodeRegion(storedBytes(given.region, 'the region of a verdict')),
          }
        : null,
    };
  }
}
