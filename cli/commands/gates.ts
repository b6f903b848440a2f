import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cutCard } from '#core/gates/cutCard.ts';
import type { CutReport } from '#core/gates/cutReport.ts';
import { cutStudent } from '#core/gates/cutStudent.ts';
import { EquivalenceTally } from '#core/gates/equivalence.ts';
import type { GateBits } from '#core/gates/gateBits.ts';
import { gateLayout } from '#core/gates/gateLayout.ts';
import { statisticsOf, type GateStatistics } from '#core/gates/gateStatistics.ts';
import { typesByLayer } from '#core/gates/neuronTypes.ts';
import { unusualImages } from '#core/gates/unusualImages.ts';
import type { InputSizing } from '#core/inference/runSettings.ts';
import type { ModelInfo } from '#core/models/modelInfo.ts';
import { ProblemError, toProblem, type Problem } from '#core/problem.ts';
import { decodeImageFile } from '../../main/node/decodeImage.ts';
import { listImageFolder } from '../../main/node/imageFolder.ts';
import { resolveModel } from '../../main/node/modelCatalog.ts';
import { checkStudentFolder, writeModelFolder } from '../../main/node/pruneFolder.ts';
import { readOnnxFile } from '../../main/node/readOnnxFile.ts';
import { createProgress, printJson, sayProblem } from '../console.ts';
import { EXIT, type ExitCode } from '../exitCodes.ts';
import { NodeSession } from '../inference/nodeSession.ts';
import { catalogFile } from '../repositoryFiles.ts';

export interface GatesOptions {
  /** An id of the catalogue, or the path of a model folder. */
  readonly model: string;
  readonly images: string;
  /** Share of the gated neurons that are computed, 0 to 1; default: the file's. */
  readonly keep?: number;
  readonly sizing?: InputSizing;
  /** How far from all and from none still counts as always and never, 0 to 1. */
  readonly tolerance: number;
  /** A new or empty folder: the student without its never kept neurons is written there. */
  readonly cutNever?: string;
  /** One JSON object on stdout in place of the tables. */
  readonly json: boolean;
  readonly threads?: number;
}

/** The images listed in the table. */
const MOST_UNUSUAL = 10;

/** `dynaseg gates`: which neurons a student's gates keep over a folder, and, where asked, the student without the rest. */
export async function gates(options: GatesOptions): Promise<ExitCode> {
  if (options.cutNever !== undefined) await checkStudentFolder(options.cutNever);
  const model = await resolveModel(options.model, catalogFile);
  const listing = await listImageFolder(options.images);
  const problems: Problem[] = [...listing.problems, ...model.problems];
  problems.forEach(sayProblem);
  const session = await NodeSession.create(model, { ...options, keepRatio: options.keep });
  if (session.gatedLayers.length === 0) {
    throw new ProblemError({
      code: 'gates.none',
      subject: model.id,
      title: 'it has no gates that say which neurons they kept',
      hint: 'Choose a dynamically pruned student, or make one with dynaseg prune',
    });
  }
  const layout = gateLayout(session.gatedLayers);
  const kept: [string, GateBits][] = [];
  const progress = createProgress('looked at', listing.images.length);
  for (const { name, problem } of listing.images) {
    try {
      if (problem?.severity === 'error') throw new ProblemError(problem);
      kept.push([name, (await segmentFile(session, listing.folder, name)).gates!.bits]);
    } catch (error) {
      const found = toProblem(error, { code: 'image.failed', subject: name });
      problems.push(found);
      sayProblem(found);
    }
    progress.step(name);
  }
  progress.end();
  if (kept.length === 0) {
    throw new ProblemError({
      code: 'gates.nothing',
      subject: options.images,
      title: 'no image of this folder could be looked at',
      hint: 'The messages above say why, image by image',
    });
  }
  const statistics = statisticsOf(
    layout,
    kept.map(([, bits]) => bits),
  );
  const names = kept.map(([name]) => name);
  const cut =
    options.cutNever === undefined
      ? null
      : await makeCut({ model, session, options, statistics, folder: listing.folder, names });
  await session.release();
  const result = {
    model: model.id,
    sha256: model.sha256,
    keepRatio: options.keep ?? null,
    images: kept.length,
    layers: typesByLayer(statistics, options.tolerance).map(({ layer, ...counts }) => ({
      ...layer,
      ...counts,
    })),
    unusual: unusualImages(statistics, kept).map(({ id, distance, layer }) => ({
      image: id,
      distance,
      layer: layout.layers[layer]!.name,
    })),
    cut,
    problems,
  };
  if (options.json) printJson(result);
  else process.stdout.write(`${formatGates(result).join('\n')}\n`);
  return problems.some(({ severity }) => severity === 'error') ? EXIT.partial : EXIT.ok;
}

async function segmentFile(session: NodeSession, folder: string, name: string) {
  return session.segment(await decodeImageFile(await readFile(join(folder, name)), name));
}

interface CutWork {
  readonly model: ModelInfo;
  readonly session: NodeSession;
  readonly options: GatesOptions;
  readonly statistics: GateStatistics;
  readonly folder: string;
  readonly names: readonly string[];
}

/** The smaller student, compared with the whole one on every image, and written. */
async function makeCut({ model, session, options, statistics, folder, names }: CutWork) {
  const keepRatio = options.keep ?? null;
  const { model: file } = await readOnnxFile(model.onnxFile);
  const source = { model: { ...file, subject: model.id }, bytes: model.bytes };
  const { report, ...made } = cutStudent({ ...source, statistics, keepRatio });
  const scratch = await mkdtemp(join(tmpdir(), 'dynaseg-cut-'));
  const tally = new EquivalenceTally();
  try {
    const onnxFile = join(scratch, 'model.onnx');
    await writeFile(onnxFile, made.onnx);
    const sha256 = createHash('sha256').update(made.onnx).digest('hex');
    const smaller = await NodeSession.create({ ...model, onnxFile, sha256 }, { ...options, keepRatio: null });
    const progress = createProgress('compared', names.length);
    for (const name of names) {
      const image = await decodeImageFile(await readFile(join(folder, name)), name);
      tally.add(await session.segment(image), await smaller.segment(image));
      progress.step(name);
    }
    progress.end();
    await smaller.release();
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  const student = { ...made, report: { ...report, equivalence: tally.result } };
  const card = (id: string) => cutCard({ id, source: model, student });
  const written = await writeModelFolder({ onnx: made.onnx, card }, model, options.cutNever!);
  return { folder: written, bytes: made.onnx.length, parameters: made.parameters, ...student.report };
}

interface GatesResult {
  readonly model: string;
  readonly keepRatio: number | null;
  readonly images: number;
  readonly layers: readonly {
    readonly name: string;
    readonly neurons: number;
    readonly always: number;
    readonly sometimes: number;
    readonly never: number;
    readonly meanKept: number;
  }[];
  readonly unusual: readonly { readonly image: string; readonly distance: number; readonly layer: string }[];
  readonly cut:
    (CutReport & { readonly folder: string; readonly bytes: number; readonly parameters: number }) | null;
}

function formatGates({ model, keepRatio, images, layers, unusual, cut }: GatesResult): string[] {
  const percent = (share: number) => `${(share * 100).toFixed(1)}%`;
  const row = (name: string, cells: readonly string[]) =>
    `${name.padEnd(16)}${cells.map((cell) => cell.padStart(12)).join('')}`;
  const sum = (of: 'neurons' | 'always' | 'sometimes' | 'never') =>
    String(layers.reduce((total, layer) => total + layer[of], 0));
  const lines = [
    `${model}${keepRatio === null ? '' : ` at keep ${keepRatio}`} on ${images} images`,
    row('layer', ['neurons', 'I always', 'II some', 'III never', 'mean kept']),
    ...layers.map((layer) =>
      row(layer.name, [
        ...[layer.neurons, layer.always, layer.sometimes, layer.never].map(String),
        percent(layer.meanKept),
      ]),
    ),
    row('all', [sum('neurons'), sum('always'), sum('sometimes'), sum('never')]),
    '',
    'most unusual gates',
    ...unusual
      .slice(0, MOST_UNUSUAL)
      .map(({ image, distance, layer }) => `${percent(distance).padStart(7)}  ${image}, most in ${layer}`),
  ];
  if (!cut) return lines;
  const { equivalence, parametersBefore, bytesBefore } = cut;
  const gone = cut.layers.reduce((total, layer) => total + layer.cut, 0);
  return [
    ...lines,
    '',
    `${gone} neurons cut: ${(parametersBefore / 1e6).toFixed(2)} to ${(cut.parameters / 1e6).toFixed(2)} M parameters, ${(bytesBefore / 1e6).toFixed(2)} to ${(cut.bytes / 1e6).toFixed(2)} MB`,
    `same class map on ${equivalence.equalImages} of ${equivalence.images} images, ${equivalence.differentPixels} of ${equivalence.pixels} pixels differ, logits by at most ${equivalence.largestLogitDifference.toExponential(1)}`,
    cut.folder,
  ];
}
