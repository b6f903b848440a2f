import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ReportComparison } from '#core/report/compareReports.ts';
import { comparisonPage } from '#core/report/comparisonPage.ts';
import type { EvaluationReport } from '#core/report/evaluationReport.ts';
import { reportHtml } from '#core/report/reportHtml.ts';
import { writeFileAtomic } from './atomicFile.ts';
import { nextTurn } from './nextTurn.ts';

/** What the galleries of a report show of an image. */
export const REPORT_PICTURE = {
  /** Its longer side is no longer than this, in pixels. */
  side: 320,
  /** Of the JPEG. */
  quality: 72,
} as const;

export interface ReportFiles {
  readonly html: string;
  readonly json: string;
}

/**
 * Writes report.html and report.json into a folder, and tells their paths.
 *
 * @param picture the JPEG of an image of the report; null leaves it out
 */
export async function writeReport(
  report: EvaluationReport,
  folder: string,
  picture: (name: string) => Promise<Uint8Array | null>,
): Promise<ReportFiles> {
  await mkdir(folder, { recursive: true });
  const names = new Set(report.galleries.flatMap((gallery) => gallery.images.map(({ name }) => name)));
  const pictures = new Map<string, string>();
  for (const name of names) {
    const jpeg = await picture(name);
    if (jpeg) pictures.set(name, `data:image/jpeg;base64,${Buffer.from(jpeg).toString('base64')}`);
    await nextTurn();
  }
  const files = { html: join(folder, 'report.html'), json: join(folder, 'report.json') };
  await writeFileAtomic(
    files.html,
    reportHtml(report, (name) => pictures.get(name)),
  );
  await writeFileAtomic(files.json, `${JSON.stringify(report, null, 2)}\n`);
  return files;
}

/** Writes comparison.html into a folder, and tells its path. */
export async function writeComparison(
  comparison: ReportComparison,
  folder: string,
): Promise<{ html: string }> {
  await mkdir(folder, { recursive: true });
  const html = join(folder, 'comparison.html');
  await writeFileAtomic(html, comparisonPage(comparison));
  return { html };
}
