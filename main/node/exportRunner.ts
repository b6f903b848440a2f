import { createHash } from 'node:crypto';
import { mkdir, open, rename, rm, rmdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { writeClassesJson } from '#core/formats/classesJson.ts';
import { encodeIndexedPng } from '#core/formats/indexedPng.ts';
import type { ExportSummary, MaskOrigin } from '#core/ipc/schemas.ts';
import { classPalette } from '#core/labels/classPalette.ts';
import type { ClassTable } from '#core/labels/classTable.ts';
import type { ClassMap } from '#core/mask/classMap.ts';
import { ProblemError, toProblem, type Problem } from '#core/problem.ts';
import { writeFileDurable } from './atomicFile.ts';
import { CLASSES_NAME, lookAtExportTarget, MANIFEST_NAME, type ExportManifest } from './exportManifest.ts';
import { errorCode, fileReason } from './fileProblem.ts';
import { hashFile } from './fileHasher.ts';
import { maskNames } from './maskNames.ts';

/** One mask as it is at this moment. */
export interface MaskToExport {
  readonly classMap: ClassMap;
  /** What it was started from; null where that is not known. */
  readonly origin: MaskOrigin | null;
}

/** What is to be exported. */
export interface ExportSource {
  readonly projectName: string;
  /** Absolute path of the folder that the image names are below. */
  readonly imageFolder: string;
  readonly classTable: ClassTable;
  /** Images that have a mask, in the order of the manifest. */
  readonly images: readonly { readonly id: number; readonly name: string }[];
  readMask(imageId: number): Promise<MaskToExport>;
}

export interface ExportOptions {
  /** Where the export appears: a new or empty folder, or an earlier export, which is then replaced. */
  readonly folder: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: { done: number; total: number; current: string }) => void;
  /** Time to write into the manifest. Default: none, so that the same masks give the same bytes. */
  readonly created?: Date;
  /** How a file is written. Default: written and flushed to the disk. */
  readonly writeFile?: (path: string, content: string | Uint8Array) => Promise<void>;
}

type ManifestImage = ExportManifest['images'][number];

const FULL = new Set(['ENOSPC', 'EDQUOT']);

/**
 * Writes the masks as indexed PNG into masks/, with classes.json and manifest.json. The folder appears whole or
 * not at all, and an earlier export is there until the new one is complete.
 *
 * A mask that cannot be read is a problem of the summary, and the others go on; a cancelled export writes nothing.
 * Throws ProblemError: export.nothing, export.notEmpty, export.full, export.unwritable.
 */
export async function runExport(source: ExportSource, options: ExportOptions): Promise<ExportSummary> {
  const folder = resolve(options.folder);
  const total = source.images.length;
  if (total === 0) {
    throw new ProblemError({
      code: 'export.nothing',
      title: 'no image of this project has a mask yet',
      subject: source.projectName,
      hint: 'Start a mask from the teacher, the student or the ground truth first',
    });
  }
  const target = await lookAtExportTarget(folder);
  if (target.kind === 'other') {
    throw new ProblemError({
      code: 'export.notEmpty',
      title:
        target.stranger === folder
          ? 'a file, not a folder'
          : `the folder holds ${target.stranger}, which no export wrote`,
      subject: folder,
      hint: 'Choose a new or an empty folder, or one with nothing but an earlier export',
    });
  }
  const scratch = join(dirname(folder), `.${basename(folder)}.${process.pid}.part`);
  try {
    await rm(scratch, { recursive: true, force: true });
    await mkdir(join(scratch, 'masks'), { recursive: true });
    const result = await writeAll(source, scratch, options);
    if (result.cancelled) return { folder, written: 0, total, cancelled: true, problems: [] };
    await putInPlace(scratch, folder, target.kind);
    return { folder, written: result.written, total, cancelled: false, problems: result.problems };
  } catch (error) {
    throw explain(error, folder, target.kind === 'export');
  } finally {
    await rm(scratch, { recursive: true, force: true }).catch(() => undefined);
  }
}

interface Written {
  readonly cancelled: boolean;
  readonly written: number;
  readonly problems: Problem[];
}

async function writeAll(source: ExportSource, scratch: string, options: ExportOptions): Promise<Written> {
  const { signal, onProgress, writeFile = writeFileDurable } = options;
  const names = maskNames(source.images.map(({ name }) => name));
  const palette = classPalette(source.classTable);
  const maxId = Math.max(source.classTable.ignoreId, ...source.classTable.classes.map(({ id }) => id));
  const entries: ManifestImage[] = [];
  const problems: Problem[] = [];
  for (const [index, image] of source.images.entries()) {
    if (signal?.aborted) return { cancelled: true, written: 0, problems };
    onProgress?.({ done: index, total: source.images.length, current: image.name });
    let mask: MaskToExport;
    try {
      mask = await source.readMask(image.id);
    } catch (error) {
      problems.push(toProblem(error, { code: 'export.maskUnreadable', subject: image.name }));
      continue;
    }
    const bytes = encodeIndexedPng(mask.classMap, { palette, maxId });
    const name = `masks/${names[index]!}`;
    await mkdir(dirname(join(scratch, name)), { recursive: true });
    await writeFile(join(scratch, name), bytes);
    const imageSha256 = await hashFile(join(source.imageFolder, image.name)).catch((error: unknown) => {
      problems.push(goneImage(image.name, error));
      return null;
    });
    entries.push(manifestEntry(image.name, name, mask, { imageSha256, maskSha256: sha256(bytes) }));
  }
  if (signal?.aborted) return { cancelled: true, written: 0, problems };
  if (entries.length === 0) throw new ProblemError(problems[0]!);
  const manifest: ExportManifest = {
    version: 1,
    generator: 'DynaSeg Studio',
    format: 'png',
    palette: 'class table',
    project: source.projectName,
    created: options.created?.toISOString(),
    classTable: source.classTable,
    images: entries,
  };
  const { classTable } = source;
  await writeFile(join(scratch, CLASSES_NAME), writeClassesJson({ classTable, voidId: classTable.ignoreId }));
  await writeFile(join(scratch, MANIFEST_NAME), `${JSON.stringify(manifest, null, 2)}\n`);
  onProgress?.({ done: source.images.length, total: source.images.length, current: MANIFEST_NAME });
  return { cancelled: false, written: entries.length, problems };
}

function manifestEntry(
  image: string,
  mask: string,
  { classMap, origin }: MaskToExport,
  hashes: Pick<ManifestImage, 'imageSha256' | 'maskSha256'>,
): ManifestImage {
  return {
    image,
    mask,
    width: classMap.width,
    height: classMap.height,
    source: origin?.kind ?? null,
    modelIds: origin?.modelId ? [origin.modelId] : [],
    ...hashes,
  };
}

/** Moves the finished folder to its place. What was there before is there until then, and again if this fails. */
async function putInPlace(
  scratch: string,
  folder: string,
  before: 'free' | 'empty' | 'export',
): Promise<void> {
  await syncFolder(scratch);
  if (before === 'export') {
    const old = join(dirname(folder), `.${basename(folder)}.${process.pid}.old`);
    await rename(folder, old);
    try {
      await rename(scratch, folder);
    } catch (error) {
      await rename(old, folder);
      throw error;
    }
    await rm(old, { recursive: true, force: true });
  } else {
    if (before === 'empty') await rmdir(folder);
    await rename(scratch, folder);
  }
  await syncFolder(dirname(folder));
}

/** Makes a folder's entries durable. Windows has no such call and needs none. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function explain(error: unknown, folder: string, replaces: boolean): unknown {
  const code = errorCode(error);
  if (code === null) return error;
  const state = replaces ? 'The earlier export is unchanged' : 'Nothing was exported';
  if (FULL.has(code)) {
    return new ProblemError(
      {
        code: 'export.full',
        title: code === 'EDQUOT' ? 'the disk quota is used up' : 'the disk is full',
        subject: folder,
        detail: `${state}; the masks are safe in the project`,
        hint: 'Free some space or choose a folder on another disk',
      },
      { cause: error },
    );
  }
  return new ProblemError(
    {
      code: 'export.unwritable',
      title: `cannot be written: ${fileReason(error)}`,
      subject: folder,
      detail: `${state}; the masks are safe in the project`,
      hint: 'Choose a folder that you may write to',
    },
    { cause: error },
  );
}

function goneImage(name: string, error: unknown): Problem {
  return {
    code: 'export.imageGone',
    severity: 'note',
    title: `the image cannot be read: ${fileReason(error)}`,
    subject: name,
    detail: 'Its mask is exported; the manifest has no hash of the image',
  };
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
