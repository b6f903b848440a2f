import { z } from 'zod';
import { outputKey } from '#core/evaluation/evaluationPlan.ts';
import { runFactsSchema, type RunFacts } from '#core/evaluation/imageResult.ts';
import type { RanModel } from '#core/formats/retrainOptions.ts';
import type { ClassIds } from '#core/mask/classMap.ts';
import { packMap, unpackMap } from './packMap.ts';
import type { SqliteConnection } from './sqliteConnection.ts';

/** What models gave the pictures, in their own ids: kept where evaluations keep it, so that each serves the other. */
export class ModelMapTable {
  constructor(private readonly db: SqliteConnection) {}

  /** `sha256`: of the picture's file. null where the model was not run on it so. */
  find(model: RanModel, sha256: string): ClassIds | null {
    const row = this.db.get(
      `SELECT map FROM evaluation_maps JOIN evaluation_keys ON evaluation_keys.id = key_id
       WHERE sha256 = ? AND key = ?`,
      [sha256, outputKey(model, model)],
    );
    return row && unpackMap(z.instanceof(Uint8Array).parse(row.map));
  }

  /** Survives a kill of the process, and a power cut after the next flush. */
  async put(model: RanModel, output: { sha256: string; ids: ClassIds; facts: RunFacts }): Promise<void> {
    const key = outputKey(model, model);
    const { sha256, ids, facts } = output;
    const map = await packMap(ids);
    this.db.transaction(
      () => {
        this.db.run('INSERT OR IGNORE INTO evaluation_keys (key) VALUES (?)', [key]);
        this.db.run(
          `INSERT OR REPLACE INTO evaluation_maps (sha256, key_id, facts, map)
           SELECT ?, id, ?, ? FROM evaluation_keys WHERE key = ?`,
          [sha256, JSON.stringify(runFactsSchema.parse(facts)), map, key],
        );
      },
      { sync: false },
    );
  }
}
