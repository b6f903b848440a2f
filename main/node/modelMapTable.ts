import { outputKey } from '#core/evaluation/evaluationPlan.ts';
import type { RunFacts } from '#core/evaluation/imageResult.ts';
import type { RanModel } from '#core/formats/retrainOptions.ts';
import type { ClassIds } from '#core/mask/classMap.ts';
import type { EvaluationTable } from './evaluationTable.ts';
import { packMap, unpackMap } from './packMap.ts';

/** What models gave the pictures, in their own ids: kept where evaluations keep it, so that each serves the other. */
export class ModelMapTable {
  constructor(private readonly evaluations: EvaluationTable) {}

  /** `sha256`: of the picture's file. null where the model was not run on it so. */
  find(model: RanModel, sha256: string): ClassIds | null {
    const packed = this.evaluations.map(sha256, outputKey(model, model));
    return packed && unpackMap(packed);
  }

  /** Survives a kill of the process, and a power cut after the next flush. */
  async put(model: RanModel, output: { sha256: string; ids: ClassIds; facts: RunFacts }): Promise<void> {
    const { sha256, ids, facts } = output;
    this.evaluations.putMap(sha256, outputKey(model, model), { facts, map: await packMap(ids) });
  }
}
