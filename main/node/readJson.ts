import { readFile } from 'node:fs/promises';
import { ProblemError } from '#core/problem.ts';
import type { z } from 'zod';
import { errorCode, unreadable } from './fileProblem.ts';

/** The issues of a failed parse on one line: `size.height: expected number, received string`. */
export function zodReason(error: z.ZodError): string {
  return error.issues
    .slice(0, 3)
    .map((issue) => `${issue.path.length > 0 ? `${issue.path.join('.')}: ` : ''}${issue.message}`)
    .join('; ');
}

/**
 * A JSON file by its schema; null where it does not exist.
 * `code` names the kind of file: ProblemError `<code>.unreadable`, `<code>.notJson`, `<code>.invalid`.
 */
export async function readJson<T extends z.ZodType>(
  path: string,
  schema: T,
  names: { code: string; subject: string },
): Promise<z.output<T> | null> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw unreadable(`${names.code}.unreadable`, names.subject, error);
  }
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    const detail = error instanceof Error ? error.message : undefined;
    throw new ProblemError({
      code: `${names.code}.notJson`,
      title: 'not valid JSON',
      subject: names.subject,
      detail,
    });
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    throw new ProblemError({
      code: `${names.code}.invalid`,
      title: 'not what this file should hold',
      subject: names.subject,
      detail: zodReason(parsed.error),
    });
  }
  return parsed.data;
}
