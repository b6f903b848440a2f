import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { InputSizing } from '#core/inference/runSettings.ts';
import { ConfusionMatrix } from '#core/metrics/confusionMatrix.ts';
import { meanIou, perClassIou, pixelAccuracy } from '#core/metrics/iou.ts';
import { ProblemError, toProblem, type Problem } from '#core/problem.ts';
import { decodeImageFile } from '../../main/node/decodeImage.ts';
import { listImageFolder } from '../../main/node/imageFolder.ts';
import { resolveModel } from '../../main/node/modelCatalog.ts';
import { TruthFolder } from '../../main/node/truthFolder.ts';
import { createProgress, printJson, say, sayProblem } from '../console.ts';
import { EXIT, type ExitCode } from '../exitCodes.ts';
import { medianOf } from '../inference/medianOf.ts';
import { NodeSession } from '../inference/nodeSession.ts';
import { catalogFile } from '../repositoryFiles.ts';

export interface EvaluateOptions {
  /** An id of the catalogue, or the path of a model folder. */
  readonly model: string;
  readonly images: string;
  readonly masks: string;
  /** One JSON object on stdout in place of the table. */
  readonly json: boolean;
  readonly threads?: number;
  readonly sizing?: InputSizing;
  /** Share of the gated neurons that are computed, 0 to 1. */
  readonly keep?: number;
  /** False: the model's own file, not the optimised form of it. */
  readonly optimise?: boolean;
}

/** What `evaluate --json` prints. Shares are 0 to 1. */
interface Evaluation {
  readonly model: string;
  readonly sha256: string;
  /** Mean over the classes that occur, from one confusion matrix over all images. */
  readonly miou: number | null;
  /** By class name; null for a class that is neither in the masks nor predicted. */
  readonly iou: Readonly<Record<string, number | null>>;
  readonly pixelAccuracy: number | null;
  /** How many images were measured. */
  readonly images: number;
  /** Median of decode to class map. */
  readonly msPerImage: number;
  /** Mean multiply-adds of a run, in units of 10^9. */
  readonly gmacs: number;
  /** Images that could not be measured, and what else there is to say. */
  readonly problems: readonly Problem[];
}

/** `dynaseg evaluate`: one model on one folder with ground truth. */
export async function evaluate(options: EvaluateOptions): Promise<ExitCode> {
  const model = await resolveModel(options.model, catalogFile);
  const listing = await listImageFolder(options.images);
  const truth = await TruthFolder.open(options.masks);
  const problems: Problem[] = [...listing.problems, ...model.problems];
  const note = (problem: Problem) => {
    problems.push(problem);
    sayProblem(problem);
  };
  problems.forEach(sayProblem);

  const session = await NodeSession.create(model, {
    threads: options.threads,
    sizing: options.sizing,
    keepRatio: options.keep,
    optimise: options.optimise,
  });
  const confusion = new ConfusionMatrix(model.classTable);
  const milliseconds: number[] = [];
  let macs = 0;
  const progress = createProgress('evaluated', listing.images.length);
  for (const entry of listing.images) {
    try {
      if (entry.problem) note(entry.problem);
      if (entry.problem?.severity !== 'error') {
        const mask = await truth.read(entry, model.classTable);
        if (!mask) {
          throw new ProblemError({
            code: 'truth.missing',
            subject: entry.name,
            title: 'it has no mask',
            hint: `A mask has the name of its image with the ending .png, in ${options.masks}`,
          });
        }
        mask.problems.forEach(note);
        const start = performance.now();
        const image = await decodeImageFile(await readFile(join(listing.folder, entry.name)), entry.name);
        const result = await session.segment(image);
        milliseconds.push(performance.now() - start);
        macs += session.macs(result);
        confusion.add(mask.ids, result.classMap.ids);
      }
    } catch (error) {
      note(toProblem(error, { code: 'image.failed', subject: entry.name }));
    }
    progress.step(entry.name);
  }
  progress.end();
  await session.release();

  if (milliseconds.length === 0) {
    throw new ProblemError({
      code: 'evaluate.nothing',
      subject: options.images,
      title: 'no image of this folder could be measured',
      hint: 'The messages above say why, image by image',
    });
  }
  const iou = perClassIou(confusion);
  const evaluation: Evaluation = {
    model: model.id,
    sha256: model.sha256,
    miou: meanIou(confusion),
    iou: Object.fromEntries(model.classTable.classes.map(({ name }, index) => [name, iou[index] ?? null])),
    pixelAccuracy: pixelAccuracy(confusion),
    images: milliseconds.length,
    msPerImage: medianOf(milliseconds),
    gmacs: macs / milliseconds.length / 1e9,
    problems,
  };
  if (options.json) printJson(evaluation);
  else printTable(evaluation);
  const failed = problems.some(({ severity }) => severity === 'error');
  if (failed)
    say(
      `${listing.images.length - milliseconds.length} of ${listing.images.length} images were not measured`,
    );
  return failed ? EXIT.partial : EXIT.ok;
}

function printTable(evaluation: Evaluation): void {
  const percent = (share: number | null) =>
    (share === null ? '-' : `${(share * 100).toFixed(1)}%`).padStart(7);
  const rows = Object.entries(evaluation.iou).map(([name, iou]) => `${name.padEnd(20)}${percent(iou)}`);
  const lines = [
    `${evaluation.model} on ${evaluation.images} images`,
    ...rows,
    `${'mean IoU'.padEnd(20)}${percent(evaluation.miou)}`,
    `${'pixel accuracy'.padEnd(20)}${percent(evaluation.pixelAccuracy)}`,
    `${evaluation.msPerImage.toFixed(0)} ms per image (median, decode to class map), ${evaluation.gmacs.toFixed(2)} G multiply-adds`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
