import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { ProblemError } from '#core/problem.ts';

export const REPORT_SUMMARY = 'summary.json';
export const REPORT_PAGE = 'index.html';
/** What `dynaseg compare` writes; nothing else of the folder is ever touched. */
const REPORT_ENTRIES = new Set([
  REPORT_SUMMARY,
  REPORT_PAGE,
  'teacher',
  'student',
  'difference',
  'confidence',
]);
const UNFINISHED = `${JSON.stringify({ version: 1, unfinished: true })}\n`;

/**
 * Makes the folder of a report and returns its absolute path. An earlier report in it (one that was interrupted,
 * too) is removed first; a folder that holds anything else is refused. Throws ProblemError `report.notEmpty`.
 */
export async function prepareReportFolder(folder: string): Promise<string> {
  const out = resolve(folder);
  await mkdir(out, { recursive: true });
  const entries = await readdir(out);
  const stranger = entries.find((name) => !REPORT_ENTRIES.has(name));
  const replaceable = entries.length === 0 || entries.includes(REPORT_SUMMARY);
  if (stranger !== undefined || !replaceable) {
    throw new ProblemError({
      code: 'report.notEmpty',
      subject: out,
      title: `the folder holds ${stranger ?? entries[0] ?? ''}, which is not of an earlier report`,
      hint: 'Choose a new folder',
    });
  }
  for (const name of entries) await rm(join(out, name), { recursive: true });
  await writeInto(out, REPORT_SUMMARY, UNFINISHED);
  return out;
}

/** Writes a file of the report. `path`: relative to it, with forward slashes. */
export async function writeInto(out: string, path: string, content: string | Uint8Array): Promise<void> {
  const file = join(out, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
}
