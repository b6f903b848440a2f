import { ProblemError } from '#core/problem.ts';

/** What the system's error codes mean to someone who has never read errno(3). */
const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the disk is read-only',
  ENOENT: 'it does not exist',
  ENOTDIR: 'it is not a folder',
  EISDIR: 'it is a folder',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EMFILE: 'too many open files',
  ELOOP: 'its symbolic links go in a circle',
  EIO: 'the disk reports a read error',
  ENAMETOOLONG: 'the name is too long',
};

/** The system's error code (`ENOENT`), or null for any other error. */
export function errorCode(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}

/** Why the file system refused, in words. */
export function fileReason(error: unknown): string {
  const code = errorCode(error);
  return (code && REASONS[code]) ?? (error instanceof Error ? error.message : String(error));
}

/** A failure of the file system as one of ours: `subject: cannot be read: permission denied`. */
export function unreadable(code: string, subject: string, error: unknown): ProblemError {
  return new ProblemError(
    {
      code,
      title: `cannot be read: ${fileReason(error)}`,
      subject,
      hint: 'Check that it is there and that you may read it',
    },
    { cause: error },
  );
}
