import { ProblemError } from '#core/problem.ts';
import { errorCode, fileReason } from './fileProblem.ts';

const FULL = new Set(['ENOSPC', 'EDQUOT']);

/** The folder to export to holds something that no export wrote. */
export function notEmpty(folder: string, stranger: string): ProblemError {
  const title =
    stranger === folder ? 'a file, not a folder' : `the folder holds ${stranger}, which no export wrote`;
  return new ProblemError({
    code: 'export.notEmpty',
    title,
    subject: folder,
    hint: 'Choose a new or an empty folder, or one with nothing but an earlier export',
  });
}

/** Why the export's folder could not be written; other errors as they are. */
export function explainWrite(error: unknown, folder: string, replaces: boolean): unknown {
  const code = errorCode(error);
  if (code === null) return error;
  const state = replaces ? 'The earlier export is unchanged' : 'Nothing was exported';
  const detail = `${state}; the masks are safe in the project`;
  const full = FULL.has(code);
  return new ProblemError(
    {
      code: full ? 'export.full' : 'export.unwritable',
      title: !full
        ? `cannot be written: ${fileReason(error)}`
        : code === 'EDQUOT'
          ? 'the disk quota is used up'
          : 'the disk is full',
      subject: folder,
      detail,
      hint: full
        ? 'Free some space or choose a folder on another disk'
        : 'Choose a folder that you may write to',
    },
    { cause: error },
  );
}

/** The image of a mask cannot be read. */
export function goneImage(name: string, error: unknown, severity: 'error' | 'note'): ProblemError {
  return new ProblemError({
    code: 'export.imageGone',
    severity,
    title: `the image cannot be read: ${fileReason(error)}`,
    subject: name,
    detail:
      severity === 'note'
        ? 'Its mask is exported; the manifest has no hash of the image'
        : 'Nothing can be trained without it: it is left out',
  });
}
