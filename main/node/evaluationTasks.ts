import { join } from 'node:path';
import {
  outputKey,
  referenceIndex,
  resultKey,
  type EvaluationPlan,
} from '#core/evaluation/evaluationPlan.ts';
import type { EvaluationTask, MeasuredImage } from '#core/evaluation/evaluationTask.ts';
import { IMAGE_METRICS } from '#core/evaluation/imageMetric.ts';
import { imageMetrics } from '#core/evaluation/imageMetrics.ts';
import type { ClassMap } from '#core/mask/classMap.ts';
import type { EvaluationColumns } from './evaluationColumns.ts';
import type { EvaluationIndex } from './evaluationIndex.ts';
import type { EvaluationTable } from './evaluationTable.ts';
import { readEvaluationTruth, type TruthStates } from './evaluationTruth.ts';
import { hashFile } from './fileHasher.ts';
import { packMap, unpackMap } from './packMap.ts';
import type { Project } from './project.ts';
import { imageUrlBase } from './studioUrl.ts';

/** What whoever runs the models is given for an image, and what becomes of its results. */
export class EvaluationTasks {
  private readonly table: EvaluationTable;

  constructor(private readonly project: Project) {
    this.table = project.store.evaluations;
  }

  /** What there is to measure of an image; null: nothing. */
  async taskOf(
    imageId: number,
    { plan, index, states }: { plan: EvaluationPlan; index: EvaluationIndex; states: TruthStates },
  ): Promise<EvaluationTask | null> {
    const image = this.project.store.image(imageId);
    if (!image) return null;
    const sha256 = await this.hashOf(image);
    const truthKey = await states.keyOf(imageId);
    const facts = index.factsOf(imageId);
    const isCurrent = facts?.sha256 === sha256 && facts.truthKey === truthKey;
    // Counted already against the truth that it has now, by class maps alone: confidences need the models.
    const isUncalibrated = isCurrent && index.isUncalibrated(imageId);
    if (isCurrent && !isUncalibrated) return null;
    const truth = await readEvaluationTruth(this.project, imageId, states);
    return {
      imageId,
      name: image.name,
      url: `${imageUrlBase(this.project.place.id)}${imageId}`,
      sha256,
      truth: truth && ownMemory(truth),
      truthKey,
      earlier: isUncalibrated ? plan.contestants.map(() => null) : this.earlierOf(plan, sha256),
    };
  }

  /** What earlier runs left. The figures against the reference need its logits: with a new contestant it runs again. */
  private earlierOf(plan: EvaluationPlan, sha256: string): EvaluationTask['earlier'] {
    const found = plan.contestants.map((contestant, index) => {
      const packed = this.table.map(sha256, outputKey(contestant, plan.settings));
      const result = this.table.resultOfContent(sha256, this.table.keyId(resultKey(plan, index)));
      return packed && result ? { ids: unpackMap(packed), result } : null;
    });
    const reference = referenceIndex(plan);
    if (reference !== null && found.includes(null)) found[reference] = null;
    return found;
  }

  private async hashOf(image: { id: number; name: string; bytes: number; mtimeMs: number }): Promise<string> {
    const sha256 = await hashFile(join(this.project.listing.folder, image.name));
    this.table.setHash(image.id, { bytes: image.bytes, mtimeMs: Math.trunc(image.mtimeMs), sha256 });
    return sha256;
  }

  /** Stores what came of a task. */
  async put(
    image: MeasuredImage,
    { plan, index, columns }: { plan: EvaluationPlan; index: EvaluationIndex; columns: EvaluationColumns },
  ): Promise<void> {
    const reference = referenceIndex(plan);
    const table = this.project.classTable;
    const results = await Promise.all(
      image.contestants.map(async ({ result, ids }, contestant) => {
        const other = reference === null || reference === contestant ? null : image.contestants[reference]!;
        return {
          resultKey: resultKey(plan, contestant),
          outputKey: outputKey(plan.contestants[contestant]!, plan.settings),
          result,
          metrics: imageMetrics(result, other?.result ?? null, table),
          map: ids && (await packMap(ids)),
        };
      }),
    );
    const { imageId, sha256, truthKey } = image;
    this.table.put({ imageId, sha256, truthKey, results });
    const metrics = results.map((result) =>
      Float64Array.from(IMAGE_METRICS, (metric) => result.metrics[metric] ?? NaN),
    );
    index.put({ imageId, sha256, truthKey, metrics });
    columns.note(
      imageId,
      image.contestants.map(({ result }) => result),
    );
  }
}

export type OwnIds = NonNullable<EvaluationTask['truth']>;

/** Ids that were read lie in memory of their own; their type does not say so. */
export function ownMemory(ids: ClassMap['ids']): OwnIds {
  return ids as OwnIds;
}
