import { classId, type ClassId } from '#core/labels/classTable.ts';
import type { ModelSlot } from '../store/useModels.ts';
import { modelIn } from '../store/useModels.ts';
import { idTranslation } from '#core/labels/translateIds.ts';
import { useMask } from '../store/useMask.ts';
import { useProject } from '../store/useProject.ts';
import { finishedRun } from '../store/useResults.ts';

/** The mask's own class at a pixel; null outside, where it is empty, and where there is no mask. */
export function maskClassAt(x: number, y: number): ClassId | null {
  const { raster } = useMask.getState();
  if (!raster || x < 0 || y < 0 || x >= raster.width || y >= raster.height) return null;
  const id = raster.ids[y * raster.width + x];
  return id === undefined || id === raster.ignoreId ? null : classId(id);
}

/** What a model says of a pixel, as a class of the project; null outside, before it has run, for other classes. */
export function modelClassAt(slot: ModelSlot, x: number, y: number): ClassId | null {
  const { project, imageId } = useProject.getState();
  const run = finishedRun(imageId, modelIn(slot)?.id ?? null);
  if (!project || !run) return null;
  const { width, height, ids } = run.classMap;
  if (x < 0 || y < 0 || x >= width || y >= height) return null;
  const id = idTranslation(run.table, project.classTable)[ids[y * width + x]!]!;
  return id === project.classTable.ignoreId ? null : classId(id);
}
