import { ProblemError } from '#core/problem.ts';

/** Fetches a file of the user's. Throws ProblemError `code`, about `subject`. */
export async function fetchFile(url: string, code: string, subject: string): Promise<Blob> {
  const response = await fetch(url);
  if (response.ok) return response.blob();
  const detail = await response.text();
  throw new ProblemError({ code, title: 'the file cannot be read any more', subject, detail });
}
