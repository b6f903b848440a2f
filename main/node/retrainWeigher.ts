import { decidedBy } from '#core/disputes/decidedBy.ts';
import { findDisputes } from '#core/disputes/findDisputes.ts';
import { decodeRegion, type Region } from '#core/disputes/region.ts';
import { standingVerdicts } from '#core/disputes/verdict.ts';
import type { RanModel } from '#core/formats/retrainOptions.ts';
import { BY_MODEL, weighMask } from '#core/formats/trainingWeights.ts';
import type { ClassTable } from '#core/labels/classTable.ts';
import type { ClassIds } from '#core/mask/classMap.ts';
import type { Weigher } from './exportRunner.ts';
import type { ProjectStore } from './projectStore.ts';

/** The class ids that a model gives a picture, in the project's classes. Throws ProblemError where it cannot. */
export type IdsOfModel = (model: RanModel, image: { name: string; sha256: string }) => Promise<ClassIds>;

interface WeigherInput extends Pick<Weigher, 'options' | 'keepRatio'> {
  /** The project's. */
  readonly classTable: ClassTable;
  readonly idsOf: IdsOfModel;
}

/**
 * Weighs the masks of a project: where `teacher` and `student` differ and no verdict that stands decided it, nobody
 * knows the class; what a person decided counts more. Regions and verdicts are those of the list of disputes.
 */
export function createWeigher(
  store: ProjectStore,
  { classTable, idsOf, options, keepRatio }: WeigherInput,
): Weigher {
  const verdicts = new Map(store.verdicts().map((image) => [image.imageId, image]));
  const decidedRegions = (imageId: number): { region: Region }[] => {
    const image = verdicts.get(imageId);
    if (!image) return [];
    const standing = new Set(standingVerdicts(image).map(({ seq }) => seq));
    const stored = store.verdictRegions(imageId).filter(({ seq }) => standing.has(seq));
    return stored.map(({ region }) => ({ region: decodeRegion(region) }));
  };
  return {
    options,
    keepRatio,
    async weigh(image, { classMap: mask, lastWords }) {
      const { width, height } = mask;
      const teacher = { width, height, ids: await idsOf(options.teacher, image) };
      const student = { width, height, ids: await idsOf(options.student, image) };
      const disputes = findDisputes({ teacher, student, smallest: options.smallestDispute });
      const decided = decidedRegions(image.id);
      const open = disputes.filter((dispute) => decidedBy(dispute, decided) === null);
      const weighed = weighMask({
        mask,
        ignoreId: classTable.ignoreId,
        deciders: lastWords?.() ?? new Uint8Array(width * height).fill(BY_MODEL),
        open,
        correctedWeight: options.correctedWeight,
      });
      return { ...weighed, disputes: { open: open.length, decided: disputes.length - open.length } };
    },
  };
}
