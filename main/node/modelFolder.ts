import { readFile, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { createClassTable } from '#core/labels/classTable.ts';
import {
  modelCardSchema,
  preprocessorConfigSchema,
  type ModelCard,
  type ModelInfo,
  type ModelRole,
} from '#core/models/modelInfo.ts';
import { scanOnnx } from '#core/onnx/scanOnnx.ts';
import { ProblemError, type Problem } from '#core/problem.ts';
import { z } from 'zod';
import { unreadable } from './fileProblem.ts';
import { FileHasher } from './fileHasher.ts';
import { modelUrl } from './studioUrl.ts';
import { readJson } from './readJson.ts';

/** Where transformers.js and optimum put the graph. */
const ONNX_FILES = ['onnx/model.onnx', 'model.onnx'];

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

async function findOnnx(folder: string, name: string): Promise<{ path: string; bytes: number }> {
  for (const file of ONNX_FILES) {
    const path = join(folder, file);
    const status = await stat(path).catch(() => null);
    if (status?.isFile()) return { path, bytes: status.size };
  }
  throw problem(
    'model.noOnnx',
    name,
    'there is no onnx/model.onnx and no model.onnx in this model folder',
    'Export the model to ONNX, for example with optimum or models/training',
  );
}

/** Throws unless the file is an ONNX model from its first to its last byte. */
async function checkOnnx(path: string, subject: string): Promise<void> {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw unreadable('model.unreadable', subject, error);
  });
  const scan = scanOnnx(bytes);
  switch (scan.kind) {
    case 'model':
      return;
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

function roleOf(card: ModelCard | null): ModelRole {
  return card?.role ?? 'teacher';
}

/**
 * Reads a model folder of the Hugging Face / transformers.js shape: config.json, preprocessor_config.json,
 * onnx/model.onnx (or model.onnx), and card.json where it is one of ours.
 * Throws ProblemError: model.noFolder, model.noConfig, model.config.notJson, model.config.invalid,
 * model.noLabels, model.badLabels, model.preprocessor.*, model.card.*, model.noOnnx, model.notOnnx,
 * model.truncatedOnnx, model.unreadable. What can be lived with is in `problems`.
 */
export async function readModelFolder(
  modelFolder: string,
  options: ReadModelOptions = {},
): Promise<ModelInfo> {
  const folder = resolve(modelFolder);
  const name = basename(folder);
  const status = await stat(folder).catch(() => null);
  if (!status?.isDirectory()) {
    throw problem(
      'model.noFolder',
      folder,
      status ? 'a file, not a model folder' : 'there is no such folder',
      'Choose the folder that holds config.json',
    );
  }
  const config = await readConfig(folder, name);
  const labels = readLabels(config, name);
  const [preprocessor, card] = await Promise.all([
    readJson(join(folder, 'preprocessor_config.json'), preprocessorConfigSchema, {
      code: 'model.preprocessor',
      subject: `${name}/preprocessor_config.json`,
    }),
    readJson(join(folder, 'card.json'), modelCardSchema, {
      code: 'model.card',
      subject: `${name}/card.json`,
    }),
  ]);
  const onnx = await findOnnx(folder, name);
  await checkOnnx(onnx.path, `${name}/${basename(onnx.path)}`);
  const id = options.id ?? card?.id ?? name;
  return {
    id,
    role: options.role ?? roleOf(card),
    name: options.name ?? card?.name ?? name,
    folder,
    onnxFile: onnx.path,
    onnxUrl: modelUrl(id),
    bytes: onnx.bytes,
    sha256: await (options.hasher ?? new FileHasher()).hash(onnx.path),
    classTable: createClassTable(labels),
    preprocessor: preprocessor ?? preprocessorConfigSchema.parse({}),
    card,
    embedded: options.embedded ?? false,
    problems: notes(config, labels, preprocessor !== null, name),
  };
}
