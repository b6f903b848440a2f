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

/**
 * Writes a student as a model folder of the Hugging Face shape: its teacher's config.json and
 * preprocessor_config.json, its own card.json and onnx/model.onnx. The folder appears whole or not at all.
 * Throws ProblemError `prune.notEmpty`, `prune.unreadable`, `prune.unwritable`.
 */
export async function writeStudentFolder(
  { onnx, report, parameters }: PrunedModel,
  teacher: ModelInfo,
  out: string,
): Promise<string> {
  const folder = resolve(out);
  await checkStudentFolder(folder);
  const scratch = join(dirname(folder), `.${basename(folder)}.${process.pid}.part`);
  const card = studentCard({ id: basename(folder), teacher, report, parameters, bytes: onnx.length });
  try {
    await rm(scratch, { recursive: true, force: true });
    await mkdir(join(scratch, 'onnx'), { recursive: true });
    for (const name of ['config.json', 'preprocessor_config.json']) {
      const source = join(teacher.folder, name);
      // A teacher may come without the second: its student then has the same defaults.
      if (await stat(source).catch(() => null)) await copyFile(source, join(scratch, name));
    }
    await writeFileDurable(join(scratch, 'card.json'), `${JSON.stringify(card, null, 2)}\n`);
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
