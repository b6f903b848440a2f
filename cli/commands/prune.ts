import { checkBudget, pruneSegformer } from '#core/prune/pruneSegformer.ts';
import type { PruneMethod, PruneProgress, PruneReport } from '#core/prune/pruneReport.ts';
import { openCalibrationFolder } from '../../main/node/calibrationFolder.ts';
import { resolveModel } from '../../main/node/modelCatalog.ts';
import { checkStudentFolder, writeStudentFolder } from '../../main/node/pruneFolder.ts';
import { readOnnxFile } from '../../main/node/readOnnxFile.ts';
import { printJson, sayProblem } from '../console.ts';
import { EXIT, type ExitCode } from '../exitCodes.ts';
import { openPartSession } from '../inference/openPartSession.ts';
import { phaseProgress } from '../phaseProgress.ts';
import { catalogFile } from '../repositoryFiles.ts';

export interface PruneCommandOptions {
  /** An id of the catalogue, or the path of a model folder. */
  readonly model: string;
  /** Folder of images to calibrate on; labels are not needed. */
  readonly images: string;
  /** Share of the multiply-adds to keep. */
  readonly budget: number;
  /** A new or empty folder. */
  readonly out: string;
  readonly method: PruneMethod;
  /** One JSON object on stdout in place of the table. */
  readonly json: boolean;
  readonly threads?: number;
}

const PHASES: Readonly<Record<PruneProgress['phase'], string>> = {
  statistics: 'statistics, images',
  sensitivity: 'sensitivity, layers',
  reconstruction: 'reconstruction, images',
  check: 'check, images',
};

/** `dynaseg prune`: a student of a SegFormer, without training. */
export async function prune(options: PruneCommandOptions): Promise<ExitCode> {
  const { budget, method, out } = options;
  checkBudget(budget);
  await checkStudentFolder(out);
  const teacher = await resolveModel(options.model, catalogFile);
  const { model } = await readOnnxFile(teacher.onnxFile);
  const images = await openCalibrationFolder(options.images, teacher.preprocessor);
  const problems = [...teacher.problems, ...images.problems];
  problems.forEach(sayProblem);

  const progress = phaseProgress(PHASES);
  const begun = performance.now();
  const pruned = await pruneSegformer({
    model: { ...model, subject: teacher.id },
    images,
    budget,
    method,
    open: openPartSession(options.threads),
    onProgress: (now) => progress.at(now),
  });
  progress.end();
  const folder = await writeStudentFolder(pruned, teacher, out);
  const { report, parameters, onnx } = pruned;
  const seconds = (performance.now() - begun) / 1000;
  const result = { folder, parameters, bytes: onnx.length, seconds, ...report, problems };
  if (options.json) printJson(result);
  else process.stdout.write(`${formatReport(report, { folder, parameters, seconds }).join('\n')}\n`);
  return images.problems.some(({ severity }) => severity === 'error') ? EXIT.partial : EXIT.ok;
}

function formatReport(
  report: PruneReport,
  { folder, parameters, seconds }: { folder: string; parameters: number; seconds: number },
): string[] {
  const { fullMacs, macs, height, width, agreement, checkedImages, layers } = report;
  const percent = (share: number) => `${(share * 100).toFixed(1)}%`;
  const rows = layers.map(({ name, neurons, kept, sensitivity, unexplained }) =>
    [
      name.padEnd(16),
      `${kept} of ${neurons}`.padStart(13),
      percent(kept / neurons).padStart(8),
      (sensitivity === null ? '-' : sensitivity.toExponential(1)).padStart(12),
      (unexplained === null ? '-' : percent(1 - unexplained)).padStart(9),
    ].join(' '),
  );
  return [
    `${'layer'.padEnd(16)} ${'kept'.padStart(13)} ${''.padStart(8)} ${'sensitivity'.padStart(12)} ${'foreseen'.padStart(9)}`,
    ...rows,
    '',
    `${(macs / 1e9).toFixed(3)} of ${(fullMacs / 1e9).toFixed(3)} G multiply-adds at ${height}x${width} (${percent(macs / fullMacs)}), ${(parameters / 1e6).toFixed(2)} M parameters`,
    `same class as the unpruned model at ${percent(agreement)} of the positions of ${checkedImages} images`,
    `${report.method} student of ${report.images} images in ${seconds.toFixed(0)} s: ${folder}`,
  ];
}
