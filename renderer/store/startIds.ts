import type { ImageEntry, MaskOrigin, StartKind } from '#core/ipc/schemas.ts';
import type { ClassIds } from '#core/mask/classMap.ts';
import { ProblemError } from '#core/problem.ts';
import { copyIds } from './copyIds.ts';
import { idTranslation, sameClasses } from '#core/labels/translateIds.ts';
import { modelIn } from './useModels.ts';
import { useProject } from './useProject.ts';
import { finishedRun } from './useResults.ts';
import { useTruth } from './useTruth.ts';

/** What a mask starts with; the ids are copies, in the class table of where they come from. */
export interface MaskStart {
  /** null: every pixel is ignore. */
  readonly source: ClassIds | null;
  /** Each id in the project's table, null where they are the same. */
  readonly translation: Uint16Array | null;
  readonly origin: MaskOrigin;
}

/**
 * What a mask starts with.
 * Throws where the model has not looked at the image yet or the image has no ground truth of its size.
 */
export async function startIds(image: ImageEntry, kind: StartKind, pixels: number): Promise<MaskStart> {
  const table = useProject.getState().project?.classTable;
  if (!table) throw new ProblemError({ code: 'project.none', title: 'no project is open' });
  switch (kind) {
    case 'empty':
      return {
        source: null,
        translation: null,
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
        source: await copyIds(sized(truth.ids, pixels, image)),
        translation: null,
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
      const isSame = sameClasses(run.table, table) && run.table.ignoreId === table.ignoreId;
      return {
        source: await copyIds(sized(run.classMap.ids, pixels, image)),
        translation: isSame ? null : idTranslation(run.table, table),
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
