import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { createClassTable } from '#core/labels/classTable.ts';
import { checkOperators } from '#core/models/checkOperators.ts';
import { findInterface } from '#core/models/findInterface.ts';
import { inputConfig, takesBytes } from '#core/models/inputConfig.ts';
import { metadataNames } from '#core/models/metadataNames.ts';
import {
  mergeAnswers,
  NO_ANSWERS,
  type ModelAnswers,
  type ModelQuestion,
} from '#core/models/modelMapping.ts';
import {
  modelCardSchema,
  preprocessorConfigSchema,
  type ModelCard,
  type ModelInfo,
  type ModelRole,
} from '#core/models/modelInfo.ts';
import type { OnnxModel } from '#core/onnx/onnxModel.ts';
import { readOnnx } from '#core/onnx/readOnnx.ts';
import { scanOnnx } from '#core/onnx/scanOnnx.ts';
import { ProblemError, type Problem } from '#core/problem.ts';
import { z } from 'zod';
import { unreadable } from './fileProblem.ts';
import { FileHasher } from './fileHasher.ts';
import { readHubOrigin } from './hub/readHubOrigin.ts';
import { findModelPlace, listModelFiles, pickModelFile } from './modelPlace.ts';
import { modelUrl } from './studioUrl.ts';
import { readJson } from './readJson.ts';

/** config.json: only what the studio needs of it. */
const configSchema = z.looseObject({
  model_type: z.string().optional(),
  id2label: z.record(z.string(), z.string()).optional(),
  num_labels: z.number().int().optional(),
});
type Config = z.infer<typeof configSchema>;

export interface ReadModelOptions {
  /** Default: the card's, else the folder's name. */
  readonly id?: string;
  readonly role?: ModelRole;
  readonly name?: string;
  /** It came with the studio. */
  readonly embedded?: boolean;
  readonly hasher?: FileHasher;
  /** What the user said in the studio; default: nothing. */
  readonly answers?: AnswerSource;
}

/** What was said of models in the studio. */
export interface AnswerSource {
  /** The ONNX file that was chosen of a folder, relative to it. */
  fileOf(folder: string): Promise<string | undefined>;
  /** Of the file with that SHA-256. */
  of(sha256: string): Promise<ModelAnswers | undefined>;
}

function problem(code: string, subject: string, title: string, hint?: string): ProblemError {
  return new ProblemError({ code, title, subject, hint });
}

async function readConfig(folder: string, name: string): Promise<Config> {
  const subject = `${name}/config.json`;
  const config = await readJson(join(folder, 'config.json'), configSchema, { code: 'model.config', subject });
  if (config) return config;
  throw problem(
    'model.noConfig',
    name,
    'there is no config.json in this model folder',
    'Choose the folder that holds config.json, preprocessor_config.json and onnx/model.onnx',
  );
}

/** Class names 0..n-1 of id2label. */
function readLabels(config: Config, name: string): string[] {
  const subject = `${name}/config.json`;
  const entries = Object.entries(config.id2label ?? {});
  if (entries.length === 0) {
    throw problem(
      'model.noLabels',
      subject,
      'it has no id2label, so the classes have no names',
      'Export the model again with id2label in its config',
    );
  }
  return entries.map((_, id) => {
    const label = config.id2label?.[String(id)];
    if (label !== undefined) return label;
    throw problem(
      'model.badLabels',
      subject,
      `id2label names ${entries.length} classes but none with id ${id}`,
      'Number the classes 0, 1, 2 and so on without gaps',
    );
  });
}

/**
 * Reads the graph, without the weights beside it.
 *
 * @throws ProblemError `model.notOnnx`, `model.truncatedOnnx`, `model.unreadable`, and what readOnnx throws
 */
async function readGraph(path: string, subject: string): Promise<OnnxModel> {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw unreadable('model.unreadable', subject, error);
  });
  const scan = scanOnnx(bytes);
  switch (scan.kind) {
    case 'model':
      return readOnnx(bytes, subject, { externalFiles: 'leave' });
    case 'notOnnx':
      throw problem(
        'model.notOnnx',
        subject,
        'this is not an ONNX file',
        'Export the model again; a download may have saved a web page or a pointer instead',
      );
    case 'truncated':
      throw problem(
        'model.truncatedOnnx',
        subject,
        `the ONNX file ends too early: ${scan.missingBytes} bytes are missing`,
        'Copy or download it again',
      );
  }
}

function notes(config: Config, labels: readonly string[], hasPreprocessor: boolean, name: string): Problem[] {
  const found: Problem[] = [];
  const note = (code: string, title: string, detail?: string) =>
    found.push({ code, severity: 'note', title, subject: name, detail });
  if (config.num_labels !== undefined && config.num_labels !== labels.length) {
    note(
      'model.labelCount',
      `config.json says ${config.num_labels} labels, its id2label names ${labels.length}`,
      'The names count',
    );
  }
  if (config.model_type !== undefined && config.model_type !== 'segformer') {
    note(
      'model.otherType',
      `model_type is ${config.model_type}, not segformer`,
      'It is run as a SegFormer: pixel_values in, logits out',
    );
  }
  if (!hasPreprocessor) {
    note(
      'model.noPreprocessor',
      'there is no preprocessor_config.json',
      "SegFormer's defaults are used: 512 x 512, ImageNet mean and deviation",
    );
  }
  return found;
}

/** Which of the folder's files runs is in the file's own hash. */
function hashWithAnswers(sha256: string, { input, output, classes }: ModelAnswers): string {
  if (!input && !output && !classes) return sha256;
  return createHash('sha256')
    .update(JSON.stringify([sha256, input, output, classes]))
    .digest('hex');
}

function roleOf(card: ModelCard | null): ModelRole {
  return card?.role ?? 'teacher';
}

/** Names of as many classes as the graph tells apart: more or fewer than it are said, and made up or kept. */
function fitLabels(
  labels: readonly string[],
  classes: number,
  name: string,
): { labels: readonly string[]; problems: Problem[] } {
  if (labels.length === classes) return { labels, problems: [] };
  const noted: Problem = {
    code: 'model.classCount',
    severity: 'note',
    title: `it tells ${classes} classes apart, and has names for ${labels.length}`,
    subject: name,
    detail:
      labels.length < classes ? 'The others are called by their number' : 'The last of them never occur',
  };
  const extra = Array.from(
    { length: Math.max(0, classes - labels.length) },
    (_, n) => `class ${labels.length + n}`,
  );
  return { labels: [...labels, ...extra], problems: [noted] };
}

/** In plain words, what a question asks for. */
const QUESTION_WORDS: Readonly<Record<ModelQuestion, string>> = {
  inputLayout: 'in which order its input has channels, height and width',
  inputValues: 'which values its input expects',
  outputLayout: 'in which order its output has classes, height and width',
  outputMeaning: 'whether its output is a class map or logits',
  classCount: 'how many classes there are',
  classNames: 'what its classes are called',
};

function openQuestions(questions: readonly ModelQuestion[], name: string, file: string): Problem[] {
  if (questions.length === 0) return [];
  return [
    {
      code: 'model.mapping',
      severity: 'error',
      title: `the file does not say ${questions.map((question) => QUESTION_WORDS[question]).join('; ')}`,
      subject: name,
      hint: `Say it under Models, or in a file ${file} beside it`,
    },
  ];
}

/**
 * Reads a model: a folder of the Hugging Face / transformers.js shape (config.json, preprocessor_config.json, ONNX files
 * in onnx/ or beside them, card.json where it is one of ours), or an ONNX file, of such a folder or a lone one.
 *
 * What the graph takes and gives is found by its structure; `options.answers`, then dynaseg.json beside the model, go
 * before that. What remains open is a problem `model.mapping` of the model, and `found` says what can be answered.
 *
 * Throws ProblemError: model.noFolder, model.noConfig, model.config.notJson, model.config.invalid, model.noLabels,
 * model.badLabels, model.preprocessor.*, model.card.*, model.answers.*, model.noOnnx, model.noFile, model.notOnnx,
 * model.truncatedOnnx, model.unreadable, model.operators, and what readOnnx and findInterface throw. What can be lived with is in
 * `problems`.
 */
export async function readModelFolder(path: string, options: ReadModelOptions = {}): Promise<ModelInfo> {
  const place = await findModelPlace(path);
  const { folder, lone } = place;
  const hub = await readHubOrigin(folder, place.name);
  const called = hub?.repository ?? place.name;
  const name =
    place.named === null || (lone && !hub) ? called : `${called} ${basename(place.named, '.onnx')}`;
  const subjects = (file: string, code: string) => ({ code, subject: `${name}/${file}` });
  const config = lone ? null : await readConfig(folder, name);
  const configLabels = config === null ? null : readLabels(config, name);
  const [preprocessor, card] = await Promise.all([
    lone ? null : readJson(join(folder, 'preprocessor_config.json'), preprocessorConfigSchema, subjects('preprocessor_config.json', 'model.preprocessor')), // prettier-ignore
    lone ? null : readJson(join(folder, 'card.json'), modelCardSchema, subjects('card.json', 'model.card')),
  ]);
  const files = await listModelFiles(folder, name);
  const chosen = place.named ?? (await options.answers?.fileOf(folder)) ?? place.answers.file;
  const { file, bytes } = pickModelFile(files, chosen, name);
  const onnxFile = join(folder, file);
  const graph = await readGraph(onnxFile, `${name}/${basename(file)}`);
  checkOperators(graph);
  const fileSha256 = await (options.hasher ?? new FileHasher()).hash(onnxFile);
  const answers = mergeAnswers(place.answers, (await options.answers?.of(fileSha256)) ?? NO_ANSWERS);
  const named = answers.classes ?? configLabels ?? metadataNames(graph);
  const found = findInterface(graph, { answers, names: named?.length ?? null });
  const takesWhole = takesBytes(graph, found.guess.input.name);
  const questions = [...found.questions];
  if (named === null && !questions.includes('classNames')) questions.push('classNames');
  const saysValues = preprocessor ?? answers.input?.range ?? answers.input?.mean;
  if (lone && !takesWhole && !saysValues) questions.push('inputValues');
  const fitted = fitLabels(named ?? [], found.guess.classes, name);
  const id = options.id ?? card?.id ?? name.replaceAll('/', '--');
  return {
    id,
    role: options.role ?? roleOf(card),
    name: options.name ?? card?.name ?? name,
    folder,
    onnxFile,
    onnxUrl: modelUrl(id),
    bytes,
    sha256: hashWithAnswers(fileSha256, answers),
    fileSha256,
    source: place.named === null ? folder : onnxFile,
    classTable: createClassTable(fitted.labels),
    preprocessor: inputConfig(
      preprocessor ?? preprocessorConfigSchema.parse({}),
      { bytes: takesWhole, fixedSize: found.fixedSize },
      answers.input,
    ),
    card,
    hub,
    embedded: options.embedded ?? false,
    problems: [
      ...(config === null ? [] : notes(config, configLabels ?? [], preprocessor !== null, name)),
      ...(named === null ? [] : fitted.problems),
      ...openQuestions(questions, name, lone ? `${name}.dynaseg.json` : 'dynaseg.json'),
    ],
    mapping: questions.length === 0 ? found.guess : null,
    found: { ...found, questions, mapping: questions.length === 0 ? found.guess : null },
    answers,
    files: lone ? files.filter((each) => each.file === file) : files,
  };
}
