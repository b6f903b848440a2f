import type { ImageEntry } from '#core/ipc/schemas.ts';
import type { ClassTable } from '#core/labels/classTable.ts';
import type { ClassIds } from '#core/mask/classMap.ts';
import { ConfusionMatrix } from '#core/metrics/confusionMatrix.ts';
import { meanIou } from '#core/metrics/iou.ts';
import { translateIds } from '#core/labels/translateIds.ts';
import { modelIn } from './useModels.ts';
import { useProject } from './useProject.ts';
import { finishedRun } from './useResults.ts';
import { useTruth } from './useTruth.ts';

/** What flipped pixels are held against. */
export interface GateReference {
  readonly kind: 'truth' | 'teacher';
  /** In the student's classes. */
  readonly ids: ClassIds;
}

/** The ground truth, else what the teacher says; null where there is neither, or of another size. */
export async function gateReference(image: ImageEntry, table: ClassTable): Promise<GateReference | null> {
  const projectTable = useProject.getState().project?.classTable;
  if (image.hasTruth && projectTable) {
    const truth = await useTruth.getState().load(image.id);
    if (truth?.width === image.width && truth.height === image.height) {
      return { kind: 'truth', ids: translateIds(truth.ids, projectTable, table) };
    }
  }
  const run = finishedRun(image.id, modelIn('teacher')?.id ?? null);
  return run && { kind: 'teacher', ids: translateIds(run.classMap.ids, run.table, table) };
}

/** Mean IoU of class ids against the truth, 0 to 1; null against a teacher. */
export function iouAgainst(reference: GateReference | null, ids: ClassIds, table: ClassTable): number | null {
  if (reference?.kind !== 'truth') return null;
  const matrix = new ConfusionMatrix(table);
  matrix.add(reference.ids, ids);
  return meanIou(matrix);
}
