import { editTable, type ClassEdit } from '#core/labels/classEdit.ts';
import { className, type ClassId, type ClassTable } from '#core/labels/classTable.ts';
import type { ClassUsage } from '#core/labels/classUsage.ts';
import { remapIds, remapTable } from '#core/labels/remapIds.ts';
import { patchBetween } from '#core/mask/patch.ts';
import { ProblemError } from '#core/problem.ts';
import type { ImagePatch } from './maskHistory.ts';
import { nextTurn } from './nextTurn.ts';
import type { Project } from './project.ts';
import type { ProjectStore, StoredMask } from './projectStore.ts';

export interface ClassWork {
  readonly signal?: AbortSignal;
  /** Masks looked at, of all. */
  readonly onProgress?: (progress: { done: number; total: number }) => void;
}

export interface ClassesChanged {
  readonly classTable: ClassTable;
  /** Images whose masks have one more step: undo on any of them takes all of it back. */
  readonly imageIds: readonly number[];
  readonly label: string;
}

/**
 * Counts the pixels of every class in every mask of a project, as they are now.
 * Throws what ProjectStore.openMask throws, and the signal's reason.
 */
export async function countClasses(store: ProjectStore, work: ClassWork = {}): Promise<ClassUsage> {
  const masks: ClassUsage['masks'] = [];
  for await (const { ids } of eachMask(store, work)) {
    const sums = new Uint32Array(65536);
    for (const id of ids) sums[id] = sums[id]! + 1;
    masks.push([...sums.entries()].filter(([, pixels]) => pixels > 0));
  }
  return { masks };
}

/**
 * Changes the classes of a project. An edit that changes pixels is one step of every mask, whether it has such
 * pixels or not: its steps before may hold ids that the classes no longer have, and are reached only by undoing
 * this one, which brings the classes back, too.
 * Throws what editTable and ProjectStore.applyPatches throw, and `classes.used` for a class that cannot be removed
 * because masks have it.
 */
export async function editClasses(
  project: Project,
  edit: ClassEdit,
  work: ClassWork = {},
): Promise<ClassesChanged> {
  const { store } = project;
  const { table, label, remap } = editTable(project.classTable, edit);
  if (edit.kind === 'remove') await assertUnused(project, edit.id, work);
  project.keepClasses();
  if (remap.length === 0 || store.masksForExport().length === 0) {
    project.saveClassTable(table);
    return { classTable: table, imageIds: [], label };
  }
  const patches = remapMasks(store, remapTable(remap), work);
  const imageIds = await project.applyPatches({
    ...{ label, patches, classTable: table, renumbers: remap, signal: work.signal },
  });
  return { classTable: project.classTable, imageIds, label };
}

/** Each made when it is asked for, so that one mask at a time is in memory. */
async function* remapMasks(
  store: ProjectStore,
  remap: Uint16Array,
  work: ClassWork,
): AsyncGenerator<ImagePatch> {
  for await (const { imageId, width, height, ids } of eachMask(store, work)) {
    const before = { width, height, ids };
    const patch = patchBetween(before, { ...before, ids: remapIds(ids, remap) });
    const bytesPerId = ids instanceof Uint16Array ? 2 : 1;
    yield { imageId, patch: patch ?? { width, height, bytesPerId, tiles: [] } };
  }
}

type ReadMask = StoredMask & Pick<NonNullable<ReturnType<ProjectStore['openMask']>>, 'ids'>;

async function* eachMask(store: ProjectStore, { signal, onProgress }: ClassWork): AsyncGenerator<ReadMask> {
  const masks = store.masksForExport();
  for (const [done, mask] of masks.entries()) {
    signal?.throwIfAborted();
    onProgress?.({ done, total: masks.length });
    const open = store.openMask(mask.imageId);
    if (open) yield { ...mask, ids: open.ids };
    // The window's other calls are answered between two masks.
    await nextTurn();
  }
  onProgress?.({ done: masks.length, total: masks.length });
}

async function assertUnused({ store, classTable }: Project, id: ClassId, work: ClassWork): Promise<void> {
  const { masks } = await countClasses(store, work);
  const used = masks.filter((mask) => mask.some(([one]) => one === id)).length;
  if (used === 0) return;
  throw new ProblemError({
    code: 'classes.used',
    title: `${used} ${used === 1 ? 'mask has' : 'masks have'} pixels of it`,
    subject: className(classTable, id),
    hint: 'Merge it into another class, or into ignore',
  });
}
