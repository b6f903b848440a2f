import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { evaluationPlanSchema, type Contestant } from '#core/evaluation/evaluationPlan.ts';
import type { ShardHeader, ShardLine } from '#core/evaluation/shardFile.ts';
import type { InputSizing } from '#core/inference/runSettings.ts';
import type { ModelInfo } from '#core/models/modelInfo.ts';
import { ProblemError, type Problem } from '#core/problem.ts';
import { listImageFolder, type ImageListing } from '../../main/node/imageFolder.ts';
import { resolveModel } from '../../main/node/modelCatalog.ts';
import { TruthFolder } from '../../main/node/truthFolder.ts';
import { classesIn, sayIgnored } from '../classChoices.ts';
import { createProgress, say, sayProblem } from '../console.ts';
import type { EvaluationJob, JobImage } from '../evaluation/evaluationJob.ts';
import { concludeEvaluation, type ConclusionOptions } from '../evaluation/concludeEvaluation.ts';
import { ShardWriter } from '../evaluation/shardWriter.ts';
import { measureAll } from '../evaluation/workerPool.ts';
import type { ExitCode } from '../exitCodes.ts';
import type { ShardOption } from '../parseShardOption.ts';
import { catalogFile } from '../repositoryFiles.ts';

export interface EvaluateOptions extends ConclusionOptions {
  /** Ids of the catalogue, or paths of model folders. */
  readonly model: readonly string[];
  readonly images: string;
  /** Indexed masks; without them the models are compared with each other alone. */
  readonly masks?: string;
  readonly threads?: number;
  readonly sizing?: InputSizing;
  /** Shares of the gated neurons that are computed, 0 to 1: of each student one contestant per ratio. */
  readonly keep?: readonly number[];
  /** False: the models' own files, not the optimised forms of them. */
  readonly optimise?: boolean;
  /** Pixels. */
  readonly boundaryWidth?: number;
  /** Processes. Default 1. */
  readonly workers?: number;
  readonly shard?: ShardOption;
  /** The shard file: results as they come, from which a killed run goes on. */
  readonly out?: string;
  /** `old=new`: a class of a model and that of the first one, whose classes the figures are in. */
  readonly map?: readonly string[];
}

/** `dynaseg evaluate`: models at keep ratios on a folder, or on one shard of it. */
export async function evaluate(options: EvaluateOptions): Promise<ExitCode> {
  if (options.shard && options.out === undefined) {
    throw new ProblemError({
      code: 'evaluate.shardFile',
      title: '--shard needs --out FILE',
      hint: 'Each shard keeps its results in a file of its own; `dynaseg merge` adds them',
    });
  }
  const { contestants, models } = await contestantsOf(options);
  const listing = await listImageFolder(options.images);
  if (options.masks === undefined && contestants.length < 2) {
    throw new ProblemError({
      code: 'evaluate.noTruth',
      title: 'one model without ground truth has nothing to be measured against',
      hint: 'Give --masks FOLDER, or a second --model',
    });
  }
  const truth = options.masks === undefined ? null : await TruthFolder.open(options.masks);
  const problems: Problem[] = [...listing.problems, ...new Set(models.flatMap((model) => model.problems))];
  problems.forEach(sayProblem);
  const { sizing, optimise, boundaryWidth } = options;
  const plan = evaluationPlanSchema.parse({
    contestants,
    settings: { sizing, optimise, boundaryWidth, truth: 'files' },
  });
  const [first] = models as [ModelInfo];
  const shard = options.shard ?? { index: 0, count: 1 };
  const header: ShardHeader = {
    kind: 'dynaseg-evaluation',
    version: 1,
    plan,
    classTable: first.classTable,
    folder: listing.chosen,
    images: listing.images.length,
    shard,
  };
  const job: EvaluationJob = {
    plan,
    models,
    classTable: first.classTable,
    folder: listing.folder,
    masks: options.masks === undefined ? null : resolve(options.masks),
    threads: options.threads ?? null,
  };

  const all = await imagesOf(listing, truth, shard);
  const writer = options.out === undefined ? null : await ShardWriter.open(options.out, header);
  const lines = new Map<string, ShardLine>();
  for (const image of all.usable) {
    const known = writer?.known.get(image.name);
    if (known?.stamp === image.stamp && known.results) lines.set(image.name, known);
  }
  if (lines.size > 0) say(`${lines.size} of ${all.usable.length} images were measured before`);
  for (const line of all.unusable) {
    line.problems.forEach(sayProblem);
    lines.set(line.image, line);
    writer?.add(line);
  }
  const waiting = all.usable.filter(({ name }) => !lines.has(name));
  const progress = createProgress('evaluated', waiting.length);
  try {
    await measureAll(job, waiting, {
      workers: options.workers ?? 1,
      onLine: (line) => {
        writer?.add(line);
        line.problems.forEach(sayProblem);
        lines.set(line.image, line);
        progress.step(line.image);
      },
    });
  } finally {
    progress.end();
    writer?.close();
  }
  const ordered = [...lines.values()].sort((a, b) => a.place - b.place);
  return concludeEvaluation({ header, lines: ordered, problems, expected: ordered.length }, options);
}

/** The first model as it is asked for; of students one per keep ratio. */
async function contestantsOf({
  model: names,
  keep,
  map = [],
}: EvaluateOptions): Promise<{ contestants: Contestant[]; models: ModelInfo[] }> {
  const contestants: Contestant[] = [];
  const models: ModelInfo[] = [];
  const resolved: ModelInfo[] = [];
  for (const name of names) resolved.push(await resolveModel(name, catalogFile));
  const classes = classesIn(resolved[0]!.classTable, resolved, { map });
  classes.forEach(sayIgnored);
  for (const { model, map: choices } of classes) {
    // A model on its own is run as it is asked for, and says so itself where it has no gates.
    const ratios = keep && (model.role === 'student' || names.length === 1) ? keep : [null];
    for (const keepRatio of ratios) {
      const { id: modelId, role, sha256 } = model;
      const mapped = Object.keys(choices).length > 0 && { map: { ...choices } };
      contestants.push({ modelId, name: model.name, role, sha256, keepRatio, ...mapped });
      models.push(model);
    }
  }
  return { contestants, models };
}

interface ShardImages {
  readonly usable: JobImage[];
  readonly unusable: ShardLine[];
}

async function imagesOf(
  listing: ImageListing,
  truth: TruthFolder | null,
  shard: ShardOption,
): Promise<ShardImages> {
  const usable: JobImage[] = [];
  const unusable: ShardLine[] = [];
  for (const [place, image] of listing.images.entries()) {
    if (place % shard.count !== shard.index) continue;
    const { name, width, height, bytes, mtimeMs, problem } = image;
    const stamp = `${bytes} ${mtimeMs} ${await maskStamp(truth, name)}`;
    if (problem?.severity === 'error') {
      unusable.push({ image: name, place, stamp, sha256: '', results: null, problems: [problem] });
    } else {
      if (problem) sayProblem(problem);
      usable.push({ name, place, width, height, stamp });
    }
  }
  return { usable, unusable };
}

async function maskStamp(truth: TruthFolder | null, name: string): Promise<string> {
  const path = truth?.maskOf(name);
  const status = path == null ? null : await stat(path).catch(() => null);
  return status ? `${status.size} ${Math.trunc(status.mtimeMs)}` : 'none';
}
