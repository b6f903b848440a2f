import { stat } from 'node:fs/promises';
import type { TruthSource } from '#core/evaluation/evaluationPlan.ts';
import type { ClassTable } from '#core/labels/classTable.ts';
import type { ClassIds } from '#core/mask/classMap.ts';
import { FINISHED_STATES } from '#core/review/review.ts';
import type { Project } from './project.ts';

/** The states of all truths of a project at one moment, and where they come from. */
export interface TruthStates {
  /** Names the state of an image's truth and of the classes: see EvaluationTask.truthKey. */
  readonly keyOf: (imageId: number) => Promise<string>;
  /** The same where only masks of the project are looked at anew; null where the truth is a file or nothing. */
  readonly maskKeyOf: (imageId: number) => string | null;
  /** The images whose mask is the truth. */
  readonly byMask: readonly number[];
}

const NO_TRUTH = 'none';
/** As EvaluationTable.correctedMasks names the state of a mask. */
const MASK = 'mask ';

/** Whether a key of TruthStates says that there is no truth. */
export const isNoTruth = (truthKey: string): boolean => truthKey.startsWith(`${NO_TRUTH}/`);

/** Whether a key of TruthStates is of a mask of the project. */
export const isMaskKey = (truthKey: string): boolean => truthKey.startsWith(MASK);

/** What figures of classes depend on: ids and their order, not names or colours. */
function tableKey({ classes, ignoreId }: ClassTable): string {
  return `${classes.map(({ id }) => id).join(',')};${ignoreId}`;
}

/** Which masks of the project count as truth now: see TruthSource. */
export function truthStates(project: Project, source: TruthSource): TruthStates {
  const masks = source === 'files' ? new Map<number, string>() : project.store.evaluations.correctedMasks();
  const reviewed = new Set(
    project.store
      .reviews()
      .filter(({ state }) => FINISHED_STATES.has(state))
      .map(({ imageId }) => imageId),
  );
  const table = tableKey(project.classTable);
  const maskKeyOf = (imageId: number): string | null => {
    if (source === 'reviewed' && !reviewed.has(imageId)) return null;
    const mask = masks.get(imageId);
    return mask === undefined ? null : `${mask}/${table}`;
  };
  return {
    maskKeyOf,
    byMask: [...masks.keys()].filter((imageId) => source !== 'reviewed' || reviewed.has(imageId)),
    keyOf: async (imageId) => maskKeyOf(imageId) ?? `${await fileKey(project, imageId)}/${table}`,
  };
}

async function fileKey(project: Project, imageId: number): Promise<string> {
  const path = project.truthFile(imageId);
  const status = path === null ? null : await stat(path).catch(() => null);
  return status ? `file ${status.size} ${Math.trunc(status.mtimeMs)}` : NO_TRUTH;
}

/** The truth of an image in the project's classes; null where it has none. Throws as Project.readTruth. */
export async function readEvaluationTruth(
  project: Project,
  imageId: number,
  states: TruthStates,
): Promise<ClassIds | null> {
  if (states.maskKeyOf(imageId) !== null) return project.store.openMask(imageId)?.ids ?? null;
  return (await project.readTruth(imageId))?.ids ?? null;
}
