import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { app, nativeImage } from 'electron';
import { z } from 'zod';
import type { ResultFilter } from '#core/evaluation/resultQuery.ts';
import { createReport, type EvaluationReport } from '#core/report/evaluationReport.ts';
import type { Evaluations } from '../node/evaluations.ts';
import { nextTurn } from '../node/nextTurn.ts';
import { machineFacts } from '../node/machineFacts.ts';
import type { Project } from '../node/project.ts';
import { REPORT_PICTURE, writeReport, type ReportFiles } from '../node/writeReport.ts';

interface ReportedRun {
  readonly evaluations: Evaluations;
  readonly project: Project;
  readonly runId: number;
  readonly filter: ResultFilter;
}

/** What there is to report of a run now. */
export async function evaluationReport(run: ReportedRun): Promise<EvaluationReport> {
  const { evaluations, project, runId, filter } = run;
  const { plan, problems } = await evaluations.describe(runId);
  return createReport({
    made: { at: new Date().toISOString(), by: await madeBy() },
    folder: project.listing.folder,
    images: project.listing.images.length,
    plan,
    classTable: project.classTable,
    measured: evaluations.measured(runId, filter),
    problems,
    pause: nextTurn,
  });
}

/** Writes report.html and report.json of a run: the same page as the command line's. Paths of both. */
export async function writeEvaluationReport({
  folder,
  ...run
}: ReportedRun & { readonly folder: string }): Promise<ReportFiles> {
  const images = run.project.listing.folder;
  return writeReport(await evaluationReport(run), folder, (name) =>
    Promise.resolve(smallPicture(join(images, name))),
  );
}

const packageSchema = z.object({ dependencies: z.object({ 'onnxruntime-web': z.string() }) });

/** What made a report, for its last section: names and versions. */
async function madeBy(): Promise<Record<string, string>> {
  const file = await readFile(join(app.getAppPath(), 'package.json'), 'utf8');
  const runtime = packageSchema.safeParse(JSON.parse(file)).data?.dependencies['onnxruntime-web'];
  return {
    'DynaSeg Studio': app.getVersion(),
    ...(runtime !== undefined && { 'onnxruntime-web': runtime }),
    Electron: process.versions.electron,
    ...machineFacts(),
  };
}

/** A JPEG; null where Chromium cannot read the file here. */
function smallPicture(path: string): Uint8Array | null {
  const image = nativeImage.createFromPath(path);
  if (image.isEmpty()) return null;
  const { width, height } = image.getSize();
  const scale = Math.min(1, REPORT_PICTURE.side / Math.max(width, height));
  const small = image.resize({ width: Math.max(1, Math.round(width * scale)), quality: 'good' });
  return small.toJPEG(REPORT_PICTURE.quality);
}
