import { ProblemError } from '#core/problem.ts';
import { z } from 'zod';
import { zodReason } from './readJson.ts';

/**
 * A value of a project file by its schema. The database may be whole and hold what no studio wrote: a crash of the disk,
 * another program, a file made by a stranger. `what` names it: `the classes`. Throws ProblemError `project.corrupt`.
 */
export function storedValue<T extends z.ZodType>(schema: T, value: unknown, what: string): z.output<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw senseless(what, zodReason(parsed.error));
}

/** The same of a text that is JSON. */
export function storedJson<T extends z.ZodType>(schema: T, text: unknown, what: string): z.output<T> {
  let value: unknown;
  try {
    value = JSON.parse(storedValue(z.string(), text, what));
  } catch (error) {
    throw error instanceof ProblemError ? error : senseless(what, 'it is not JSON');
  }
  return storedValue(schema, value, what);
}

/** The bytes of a column. */
export function storedBytes(value: unknown, what: string): Uint8Array<ArrayBuffer> {
  return storedValue(z.instanceof(Uint8Array), value, what);
}

/**
 * The id that a page of rows ends with, behind which the next one is read. In a damaged tree of rows that is no later
 * one than `before`, and the pages would lead round and round. Throws ProblemError `project.corrupt`.
 */
export function pageEnd(id: unknown, before: number, what: string): number {
  const end = Number(id);
  if (end > before) return end;
  throw senseless(what, `row ${end} lies behind row ${before}`);
}

function senseless(what: string, detail: string): ProblemError {
  return new ProblemError({
    code: 'project.corrupt',
    title: `${what} in the project file cannot be read`,
    detail,
    hint: 'Put back a copy of the file, or move it away to begin anew',
  });
}
