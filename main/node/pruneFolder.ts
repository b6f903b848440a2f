import { copyFile, mkdir, readdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { ModelInfo } from '#core/models/modelInfo.ts';
import { ProblemError } from '#core/problem.ts';
import type { PrunedModel } from '#core/prune/pruneReport.ts';
import { studentCard } from '#core/prune/studentCard.ts';
import { writeFileDurable } from './atomicFile.ts';
import { errorCode, fileReason, unreadable } from './fileProblem.ts';

/**
 * Where a student may be written: a folder that is not there yet, or empty. Asked before the work begins.
 * Throws ProblemError `prune.notEmpty`, `prune.unreadable`.
 */
export async function checkStudentFolder(out: string): Promise<void> {
  const folder = resolve(out);
  let names: string[];
  try {
    names = await readdir(folder);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return;
    if (errorCode(error) === 'ENOTDIR') throw taken(folder, 'a file, not a folder');
    throw unreadable('prune.unreadable', folder, error);
  }
  if (names.length > 0) throw taken(folder, `the folder holds ${names.sort()[0]!} already`);
}

function taken(folder: string, title: string): ProblemError {
  return new ProblemError({
    code: 'prune.notEmpty',
    title,
    subject: folder,
    hint: 'Choose a new or an empty folder for the student',
  });
}

/** Writes a pruned student as a model folder: see writeModelFolder. */
export async function writeStudentFolder(
  { onnx, report, parameters }: PrunedModel,
  teacher: ModelInfo,
  out: string,
): Promise<string> {
  const card = (id: string) => studentCard({ id, teacher, report, parameters, bytes: onnx.length });
  return writeModelFolder({ onnx, card }, teacher, out);
}

export interface NewModel {
  /** The bytes of its ONNX file. */
  readonly onnx: Uint8Array;
  /** card.json; `id`: the folder's name. */
  readonly card: (id: string) => object;
  /** Height and width that pictures are brought to, in place of the source's. */
  readonly size?: { readonly height: number; readonly width: number } | null;
}

/**
 * Writes a model that was made of another one as a model folder of the Hugging Face shape: that one's config.json
 * and preprocessor_config.json, its own card.json and onnx/model.onnx. The folder appears whole or not at all.
 * Throws ProblemError `prune.notEmpty`, `prune.unreadable`, `prune.unwritable`.
 */
export async function writeModelFolder(
  { onnx, card, size = null }: NewModel,
  source: ModelInfo,
  out: string,
): Promise<string> {
  const folder = resolve(out);
  await checkStudentFolder(folder);
  const scratch = join(dirname(folder), `.${basename(folder)}.${process.pid}.part`);
  try {
    await rm(scratch, { recursive: true, force: true });
    await mkdir(join(scratch, 'onnx'), { recursive: true });
    for (const name of ['config.json', 'preprocessor_config.json']) {
      const file = join(source.folder, name);
      // It may come without the second: what is made of it then has the same defaults.
      if (await stat(file).catch(() => null)) await copyFile(file, join(scratch, name));
    }
    if (size !== null) {
      const text = `${JSON.stringify({ ...source.preprocessor, do_resize: true, size }, null, 2)}\n`;
      await writeFileDurable(join(scratch, 'preprocessor_config.json'), text);
    }
    await writeFileDurable(
      join(scratch, 'card.json'),
      `${JSON.stringify(card(basename(folder)), null, 2)}\n`,
    );
    await writeFileDurable(join(scratch, 'onnx', 'model.onnx'), onnx);
    await rmdir(folder).catch(() => undefined);
    await rename(scratch, folder);
  } catch (error) {
    if (errorCode(error) === null) throw error;
    throw new ProblemError(
      {
        code: 'prune.unwritable',
        title: `cannot be written: ${fileReason(error)}`,
        subject: folder,
        hint: 'Choose a folder that you may write to',
      },
      { cause: error },
    );
  } finally {
    await rm(scratch, { recursive: true, force: true }).catch(() => undefined);
  }
  return folder;
}
