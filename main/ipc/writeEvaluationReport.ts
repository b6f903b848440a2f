import { type as systemName, release } from 'node:os';
import { join } from 'node:path';
import { app, nativeImage } from 'electron';
import type { ResultFilter } from '#core/evaluation/resultQuery.ts';
import { createReport } from '#core/report/evaluationReport.ts';
import { reportHtml } from '#core/report/reportHtml.ts';
import { writeFileAtomic } from '../node/atomicFile.ts';
import type { Evaluations } from '../node/evaluations.ts';
import type { Project } from '../node/project.ts';

/** The longer side of a gallery's pictures, in pixels. */
const PICTURE_SIDE = 320;
const PICTURE_QUALITY = 72;

interface ReportTask {
  readonly evaluations: Evaluations;
  readonly project: Project;
  readonly runId: number;
  readonly filter: ResultFilter;
  readonly folder: string;
}

/** Writes report.html and report.json of a run: the same page as the command line's. Paths of both. */
export async function writeEvaluationReport({ evaluations, project, runId, filter, folder }: ReportTask) {
  const { plan } = evaluations.runOf(runId);
  const run = (await evaluations.list()).find(({ id }) => id === runId);
  const report = await createReport({
    made: {
      at: new Date().toISOString(),
      by: {
        'DynaSeg Studio': app.getVersion(),
        Electron: process.versions.electron,
        System: `${systemName()} ${release()}`,
      },
    },
    folder: project.listing.folder,
    images: project.listing.images.length,
    plan,
    classTable: project.classTable,
    measured: evaluations.measured(runId, filter),
    problems: run?.problems ?? [],
    pause: () => new Promise((resolve) => setImmediate(resolve)),
  });
  const names = new Set(report.galleries.flatMap((gallery) => gallery.images.map(({ name }) => name)));
  const pictures = new Map<string, string>();
  for (const name of names) {
    const picture = smallPicture(join(project.listing.folder, name));
    if (picture !== null) pictures.set(name, picture);
    await new Promise((resolve) => setImmediate(resolve));
  }
  const html = join(folder, 'report.html');
  const json = join(folder, 'report.json');
  await writeFileAtomic(
    html,
    reportHtml(report, (name) => pictures.get(name)),
  );
  await writeFileAtomic(json, `${JSON.stringify(report, null, 2)}\n`);
  return { html, json };
}

/** A data URL; null where Chromium cannot read the file here. */
function smallPicture(path: string): string | null {
  const image = nativeImage.createFromPath(path);
  if (image.isEmpty()) return null;
  const { width, height } = image.getSize();
  const scale = Math.min(1, PICTURE_SIDE / Math.max(width, height));
  const small = image.resize({ width: Math.max(1, Math.round(width * scale)), quality: 'good' });
  return `data:image/jpeg;base64,${small.toJPEG(PICTURE_QUALITY).toString('base64')}`;
}
