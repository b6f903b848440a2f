import { lightCard } from '#core/onnx/light/lightCard.ts';
import {
  checkTolerance,
  lightenSegformer,
  type LightenProgress,
  type LightenReport,
} from '#core/onnx/light/lightenSegformer.ts';
import { retargetKeepRatio } from '#core/onnx/retargetKeepRatio.ts';
import { openCalibrationFolder } from '../../main/node/calibrationFolder.ts';
import { resolveModel } from '../../main/node/modelCatalog.ts';
import { checkStudentFolder, writeModelFolder } from '../../main/node/pruneFolder.ts';
import { readOnnxFile } from '../../main/node/readOnnxFile.ts';
import { printJson, sayProblem } from '../console.ts';
import { EXIT, type ExitCode } from '../exitCodes.ts';
import { openPartSession } from '../inference/openPartSession.ts';
import type { Size } from '../parseSize.ts';
import { phaseProgress } from '../phaseProgress.ts';
import { catalogFile } from '../repositoryFiles.ts';

export interface LightenCommandOptions {
  /** An id of the catalogue, or the path of a model folder. */
  readonly model: string;
  /** Folder of images to measure on; labels are not needed. */
  readonly images: string;
  /** A new or empty folder. */
  readonly out: string;
  /** That the light model is fed; default: the model's own. */
  readonly size?: Size;
  /** Of a student: the keep ratio of the light one. */
  readonly keep?: number;
  /** Nats per position; see lightenSegformer. */
  readonly tolerance: number;
  /** One JSON object on stdout in place of the table. */
  readonly json: boolean;
  readonly threads?: number;
}

const PHASES: Readonly<Record<LightenProgress['phase'], string>> = {
  sensitivity: 'sensitivity, layers',
  check: 'check',
};

/** `dynaseg lighten`: the light form of a model, without training. */
export async function lighten(options: LightenCommandOptions): Promise<ExitCode> {
  const { out, tolerance, keep } = options;
  checkTolerance(tolerance);
  await checkStudentFolder(out);
  const source = await resolveModel(options.model, catalogFile);
  const { model } = await readOnnxFile(source.onnxFile);
  if (keep !== undefined) retargetKeepRatio(model, keep);
  const size = options.size ?? null;
  const preprocessor = size ? { ...source.preprocessor, do_resize: true, size } : source.preprocessor;
  const images = await openCalibrationFolder(options.images, preprocessor);
  const problems = [...source.problems, ...images.problems];
  problems.forEach(sayProblem);

  const progress = phaseProgress(PHASES);
  const made = await lightenSegformer({
    model: { ...model, subject: source.id },
    images,
    tolerance,
    open: openPartSession(options.threads),
    onProgress: (now) => progress.at(now),
  });
  progress.end();
  const card = (id: string) => lightCard({ id, source, made, size });
  const folder = await writeModelFolder({ onnx: made.onnx, card, size }, source, out);
  const { report, parameters, onnx } = made;
  if (options.json) printJson({ folder, parameters, bytes: onnx.length, ...report, problems });
  else process.stdout.write(`${formatReport(report, { folder, bytes: onnx.length }).join('\n')}\n`);
  return images.problems.some(({ severity }) => severity === 'error') ? EXIT.partial : EXIT.ok;
}

function formatReport(report: LightenReport, { folder, bytes }: { folder: string; bytes: number }): string[] {
  const { layers, tolerance, height, width } = report;
  const nats = (value: number) => value.toExponential(1).padStart(12);
  const rounded = layers.filter(({ int8 }) => int8);
  return [
    `${'layer'.padEnd(20)} ${'weights'.padStart(9)} ${'sensitivity'.padStart(12)}`,
    ...layers.map(
      ({ name, weights, sensitivity, int8 }) =>
        `${name.padEnd(20)} ${String(weights).padStart(9)} ${nats(sensitivity)}  ${int8 ? '8 bits' : 'floats'}`,
    ),
    '',
    `${rounded.length} of ${layers.length} large products in 8 bits, those that move the classes by at most ${tolerance} nats per position`,
    `same class as the original at ${(report.agreement * 100).toFixed(2)}% of the positions of ${report.checkedImages} images at ${height}x${width}`,
    `moved by ${report.divergence.toExponential(1)} nats per position, ${report.geluDivergence.toExponential(1)} of them by GELU as tanh`,
    `${(bytes / 1e6).toFixed(1)} MB: ${folder}`,
  ];
}
