import type { ImageEntry, MaskOrigin } from '#core/ipc/schemas.ts';
import { createClassIds, type ClassIds } from '#core/mask/classMap.ts';
import { ProblemError } from '#core/problem.ts';
import { largestId } from './largestId.ts';
import { translateIds } from './translateIds.ts';
import { modelIn } from './useModels.ts';
import { useProject } from './useProject.ts';
import { finishedRun } from './useResults.ts';
import { useTruth } from './useTruth.ts';

/**
 * The ids that a mask starts with, in the project's class table, never shared with a result that is shown.
 * Throws where the model has not looked at the image yet or the image has no ground truth of its size.
 */
export async function startIds(
  image: ImageEntry,
  kind: MaskOrigin['kind'],
  pixels: number,
): Promise<{ ids: ClassIds; origin: MaskOrigin }> {
  const table = useProject.getState().project?.classTable;
  if (!table) throw new ProblemError({ code: 'project.none', title: 'no project is open' });
  switch (kind) {
    case 'empty':
      return {
        ids: createClassIds(pixels, largestId(table), table.ignoreId),
        origin: { kind, modelId: null, modelSha256: null },
      };
    case 'truth': {
      const truth = await useTruth.getState().load(image.id);
      if (!truth) {
        throw new ProblemError({
          code: 'truth.none',
          title: 'this image has no ground truth',
          subject: image.name,
          hint: 'Choose a folder of masks, or start from the teacher',
        });
      }
      return {
        ids: sized(truth.ids.slice(), pixels, image),
        origin: { kind, modelId: null, modelSha256: null },
      };
    }
    case 'teacher':
    case 'student': {
      const model = modelIn(kind);
      const run = finishedRun(image.id, model?.id ?? null);
      if (!run) {
        throw new ProblemError({
          code: 'mask.no-run',
          title: `the ${kind} has not finished this image yet`,
          subject: image.name,
          hint: 'Wait for its class map, then start again',
        });
      }
      const translated = translateIds(run.classMap.ids, run.table, table);
      const ids = translated === run.classMap.ids ? translated.slice() : translated;
      return {
        ids: sized(ids, pixels, image),
        origin: { kind, modelId: run.modelId, modelSha256: run.modelSha256 },
      };
    }
  }
}

function sized(ids: ClassIds, pixels: number, image: ImageEntry): ClassIds {
  if (ids.length === pixels) return ids;
  throw new ProblemError({
    code: 'mask.size',
    title: `a mask of ${ids.length} pixels does not fit an image of ${pixels}`,
    subject: image.name,
  });
}
