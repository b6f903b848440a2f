import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { writeClassesJson } from '#core/formats/classesJson.ts';
import { encodeIndexedPng } from '#core/formats/indexedPng.ts';
import { maskNames } from '#core/formats/maskNames.ts';
import {
  assertMapped,
  importedMasks,
  surveyMasks,
  type ImportImage,
  type ImportInput,
  type ImportSurvey,
  type ImportWork,
} from '#core/formats/surveyMasks.ts';
import type { MaskOrigin } from '#core/ipc/schemas.ts';
import { classPalette } from '#core/labels/classPalette.ts';
import { largestId, type ClassTable } from '#core/labels/classTable.ts';
import { createClassIds } from '#core/mask/classMap.ts';
import { patchBetween } from '#core/mask/patch.ts';
import { ProblemError } from '#core/problem.ts';
import { writeFileDurable } from './atomicFile.ts';
import { openMasks, type FoundMasks } from './formatFolder.ts';
import type { ImagePatch } from './maskHistory.ts';
import type { Project } from './project.ts';
import type { PatchesStep, ProjectStore } from './projectStore.ts';

/** The project that masks come into. */
export interface ImportTarget {
  readonly store: ProjectStore;
  readonly classTable: ClassTable;
  /** Absolute path of the project file. */
  readonly projectFile: string;
  applyPatches(step: PatchesStep): Promise<number[]>;
  /** Takes the ground truth from this folder from now on. */
  chooseTruth(folder: string): Promise<void>;
}

/** An open project as the place that masks come into. */
export function importTargetOf(project: Project): ImportTarget {
  return {
    store: project.store,
    classTable: project.classTable,
    projectFile: project.place.file,
    applyPatches: (step) => project.applyPatches(step),
    chooseTruth: (folder) => project.chooseTruth(folder),
  };
}

export interface ImportRequest {
  /** A folder, or one file. */
  readonly path: string;
  /** What the user says it is; default: what it is recognised as. */
  readonly format?: string;
  /** Name of a class of the masks to that of the project's, or `ignore`. */
  readonly choices: ReadonlyMap<string, string>;
}

/** Masks, and what an import of them would do. */
export interface PreparedImport {
  readonly found: FoundMasks;
  readonly input: ImportInput;
  readonly survey: ImportSurvey;
}

export interface ImportDone {
  /** Images that got a mask. */
  readonly imageIds: readonly number[];
  /** Where the ground truth lies now; null for masks to fix. */
  readonly truthFolder: string | null;
}

/** The signal also ends what is being stored: then nothing of it is. */
export interface ImportJob extends ImportWork {
  readonly signal?: AbortSignal;
}

/** Where the ground truth of the n-th import lies, beside the project file: `truth-1`. */
const TRUTH_FOLDER = /^truth-(\d+)$/;

/**
 * The dry run: recognises the masks, reads them all and stores nothing.
 * Throws what openMasks throws, `classes.map`, and the signal's reason.
 */
export async function prepareImport(
  target: { readonly images: readonly ImportImage[]; readonly classTable: ClassTable },
  request: ImportRequest,
  work: ImportWork = {},
): Promise<PreparedImport> {
  const found = await openMasks(request.path, request.format);
  const images = target.images.filter(({ width }) => width > 0);
  const { set, imageOf } = found;
  const input: ImportInput = {
    set,
    imageOf,
    images,
    classTable: target.classTable,
    choices: request.choices,
  };
  return { found, input, survey: await surveyMasks(input, work) };
}

/**
 * Stores the masks: as masks to be fixed, in one step that undo takes back on all images, or as ground truth, which
 * takes the place of the project's. A mask with a problem of the survey is left out.
 * Throws `import.classes`, `import.nothing`, what ProjectStore.applyPatches throws, and the signal's reason.
 */
export async function runImport(
  target: ImportTarget,
  { found, input, survey }: PreparedImport,
  as: 'truth' | 'mask',
  work: ImportJob = {},
): Promise<ImportDone> {
  assertMapped(survey, target.classTable);
  if (survey.usable === 0) {
    throw new ProblemError({
      code: 'import.nothing',
      title: `none of its ${survey.masks} masks fits an image of this project`,
      subject: found.path,
      detail: survey.masksWithoutImage.names[0] && `The first is of ${survey.masksWithoutImage.names[0]}`,
      hint: 'Masks are found by the names of their images, and have their size',
    });
  }
  if (as === 'mask') {
    const label = `Import ${found.format.title}`;
    const patches = importPatches(target, input, work);
    const imageIds = await target.applyPatches({ label, patches, signal: work.signal });
    return { imageIds, truthFolder: null };
  }
  return importTruth(target, input, work);
}

const ORIGIN: MaskOrigin = { kind: 'import', modelId: null, modelSha256: null };

async function* importPatches(
  { store, classTable }: ImportTarget,
  input: ImportInput,
  work: ImportWork,
): AsyncGenerator<ImagePatch> {
  for await (const { image, classMap } of importedMasks(input, work)) {
    const { width, height } = classMap;
    const open = store.openMask(image.id);
    const empty = () => createClassIds(classMap.ids.length, largestId(classTable), classTable.ignoreId);
    const patch = patchBetween({ width, height, ids: open?.ids ?? empty() }, classMap);
    const bytesPerId = classMap.ids instanceof Uint16Array ? 2 : 1;
    yield { imageId: image.id, patch: patch ?? { width, height, bytesPerId, tiles: [] }, origin: ORIGIN };
  }
}

/** The folder appears whole; that of the import before goes when the project has taken this one. */
async function importTruth(target: ImportTarget, input: ImportInput, work: ImportWork): Promise<ImportDone> {
  const { classTable, projectFile } = target;
  const around = dirname(projectFile);
  const before = (await readdir(around)).filter((name) => TRUTH_FOLDER.test(name));
  const last = Math.max(0, ...before.map((name) => Number(TRUTH_FOLDER.exec(name)?.[1])));
  const folder = join(around, `truth-${last + 1}`);
  const scratch = `${folder}.${process.pid}.part`;
  const palette = classPalette(classTable);
  const maxId = largestId(classTable);
  const imageIds: number[] = [];
  const names = maskNames(input.images.map(({ name }) => name));
  const maskOf = new Map(input.images.map(({ id }, index) => [id, names[index]!]));
  try {
    await rm(scratch, { recursive: true, force: true });
    await mkdir(scratch, { recursive: true });
    for await (const { image, classMap } of importedMasks(input, work)) {
      const file = join(scratch, maskOf.get(image.id)!);
      await mkdir(dirname(file), { recursive: true });
      await writeFileDurable(file, encodeIndexedPng(classMap, { palette, maxId }));
      imageIds.push(image.id);
    }
    work.signal?.throwIfAborted();
    const classes = writeClassesJson({ classTable, voidId: classTable.ignoreId });
    await writeFileDurable(join(scratch, 'classes.json'), classes);
    await rename(scratch, folder);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  await target.chooseTruth(folder);
  for (const name of before) await rm(join(around, name), { recursive: true, force: true });
  return { imageIds, truthFolder: folder };
}
