import { contestantLabel } from '#core/evaluation/evaluationPlan.ts';
import type { ShardHeader, ShardLine } from '#core/evaluation/shardFile.ts';
import { ProblemError, type Problem } from '#core/problem.ts';
import { createReport, errorsOf, type EvaluationReport } from '#core/report/evaluationReport.ts';
import { writeReport } from '../../main/node/writeReport.ts';
import { printJson, say } from '../console.ts';
import { EXIT, type ExitCode } from '../exitCodes.ts';
import { evaluationTable } from './evaluationTable.ts';
import { madeBy } from './madeBy.ts';
import { reportPictures } from './reportPictures.ts';

export interface ConclusionOptions {
  /** One JSON object on stdout in place of the table. */
  readonly json: boolean;
  /** A folder for report.html and report.json. */
  readonly report?: string;
}

export interface EvaluatedImages {
  readonly header: ShardHeader;
  /** In the order of the folder. */
  readonly lines: readonly ShardLine[];
  /** About the folder and the models; those of images are in their lines. */
  readonly problems: readonly Problem[];
  /** How many images there should be. */
  readonly expected: number;
}

/** Prints the figures, writes the report, and says what could not be measured. Throws `evaluate.nothing`. */
export async function concludeEvaluation(
  { header, lines, problems: general, expected }: EvaluatedImages,
  options: ConclusionOptions,
): Promise<ExitCode> {
  const problems = [...general, ...lines.flatMap((line) => line.problems)];
  const report = await createReport({
    made: { at: new Date().toISOString(), by: await madeBy() },
    folder: header.folder,
    images: header.images,
    plan: header.plan,
    classTable: header.classTable,
    measured: lines.flatMap(({ image: name, results }) => (results ? [{ name, results }] : [])),
    problems,
  });
  const measured = report.figures.images;
  if (measured === 0) {
    throw new ProblemError({
      code: 'evaluate.nothing',
      subject: header.folder,
      title: 'no image of this folder could be measured',
      hint: 'The messages above say why, image by image',
    });
  }
  if (options.report !== undefined) {
    const { html } = await writeReport(report, options.report, await reportPictures(report.folder));
    say(`report: ${html}`);
  }
  if (options.json) printJson(evaluationJson(report));
  else process.stdout.write(evaluationTable(report));
  if (measured < expected) say(`${expected - measured} of ${expected} images were not measured`);
  return measured < expected || errorsOf(problems).length > 0 ? EXIT.partial : EXIT.ok;
}

/**
 * What `evaluate --json` and `merge --json` print. The fields up to `problems` are of the first model, with shares
 * from 0 to 1, as they were when only one could be evaluated; `report` has everything.
 */
function evaluationJson(report: EvaluationReport) {
  const [first] = report.figures.contestants as [EvaluationReport['figures']['contestants'][number]];
  const { contestant, quality, cost, images } = first;
  return {
    model: contestant.modelId,
    sha256: contestant.sha256,
    /** Mean over the classes that occur, from one confusion matrix over all images. */
    miou: quality?.headlines.miou.value ?? null,
    /** By class name; null for a class that is neither in the masks nor predicted. */
    iou: Object.fromEntries(
      report.classTable.classes.map(({ name }, row) => [name, quality?.classes[row]?.iou ?? null]),
    ),
    pixelAccuracy: quality?.headlines.pixelAccuracy.value ?? null,
    images,
    /** Median of decode to class map. */
    msPerImage: cost.median,
    /** Mean multiply-adds of a run, in units of 10^9. */
    gmacs: cost.macs === null ? null : cost.macs / 1e9,
    problems: report.problems,
    contestants: report.figures.contestants.map((figures) => ({
      label: contestantLabel(figures.contestant),
      ...figures,
    })),
    bootstrap: report.figures.bootstrap,
  };
}
