import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { orderModelFiles, precisionOf, type ModelFile } from '#core/models/modelFile.ts';
import { modelAnswersSchema, NO_ANSWERS, type ModelAnswers } from '#core/models/modelMapping.ts';
import { ProblemError } from '#core/problem.ts';
import { readJson } from './readJson.ts';
import { resolveInside } from './resolveInside.ts';

/** The file of answers in a model folder; beside a lone NAME.onnx it is NAME.dynaseg.json. */
const ANSWERS_FILE = 'dynaseg.json';
/** More than any model has; a folder of downloads is no model. */
const MOST_FILES = 64;

/** Where a model lies: what a path that the user gave means. */
interface ModelPlace {
  /** Absolute. */
  readonly folder: string;
  /** What messages and lists call it. */
  readonly name: string;
  /** The ONNX file that was named itself, relative to the folder; null: the folder was. */
  readonly named: string | null;
  /** True for an ONNX file without a config.json. */
  readonly lone: boolean;
  /** Of the file beside it; empty where there is none. */
  readonly answers: ModelAnswers;
}

/**
 * A model folder, or an ONNX file: that of a folder with config.json beside or above it, or a lone one.
 *
 * @throws ProblemError `model.noFolder`, `model.checkpoint`, `model.answers.notJson`, `model.answers.invalid`
 */
export async function findModelPlace(path: string): Promise<ModelPlace> {
  const asked = resolve(path);
  const status = await stat(asked).catch(() => null);
  if (status?.isDirectory()) {
    const answers = await readAnswers(join(asked, ANSWERS_FILE));
    return { folder: asked, name: basename(asked), named: null, lone: false, answers };
  }
  if (status?.isFile() && isCheckpoint(asked)) throw checkpoint(asked, basename(asked));
  if (!status?.isFile() || extname(asked).toLowerCase() !== '.onnx') {
    throw new ProblemError({
      code: 'model.noFolder',
      title: status ? 'a file, not a model folder' : 'there is no such folder',
      subject: asked,
      hint: status ? 'Choose the folder that holds config.json, or an ONNX file' : 'Choose the folder that holds config.json', // prettier-ignore
    });
  }
  for (const folder of [dirname(asked), dirname(dirname(asked))]) {
    const above = folder !== dirname(asked);
    if (above && basename(dirname(asked)) !== 'onnx') continue;
    if (!(await stat(join(folder, 'config.json')).catch(() => null))) continue;
    const named = above ? `onnx/${basename(asked)}` : basename(asked);
    const answers = await readAnswers(join(folder, ANSWERS_FILE));
    return { folder, name: basename(folder), named, lone: false, answers };
  }
  const stem = basename(asked, extname(asked));
  const answers = await readAnswers(join(dirname(asked), `${stem}.${ANSWERS_FILE}`));
  return { folder: dirname(asked), name: stem, named: basename(asked), lone: true, answers };
}

/** Weights for training, without a graph: nothing that can be run. */
const isCheckpoint = (name: string): boolean => /\.(pt|pth|ckpt|bin|safetensors|h5|msgpack)$/i.test(name);

function checkpoint(subject: string, file: string): ProblemError {
  return new ProblemError({
    code: 'model.checkpoint',
    title: `${file} is a checkpoint for training, not a graph that can be run`,
    subject,
    hint: `Export it first. One of models/training: cd models && python -m training.export --checkpoint ${file} --id ID --name NAME --images DIR --masks DIR; a SegFormer of transformers: cd models && python -m training.convert --checkpoint FOLDER --out OUT. Then add the folder that was written`,
  });
}

async function readAnswers(path: string): Promise<ModelAnswers> {
  const names = { code: 'model.answers', subject: `${basename(dirname(path))}/${basename(path)}` };
  return (await readJson(path, modelAnswersSchema, names)) ?? NO_ANSWERS;
}

/**
 * The ONNX files of a model folder, in it and in onnx/, the one that runs unless another is chosen first.
 *
 * @throws ProblemError `model.noOnnx`; `model.checkpoint` where it has weights for training alone
 */
export async function listModelFiles(folder: string, name: string): Promise<ModelFile[]> {
  const files: ModelFile[] = [];
  for (const place of ['', 'onnx/']) {
    const entries = await readdir(join(folder, place)).catch(() => []);
    const graphs = entries.filter((entry) => entry.toLowerCase().endsWith('.onnx')).sort();
    for (const entry of graphs.slice(0, MOST_FILES)) {
      const file = place + entry;
      const path = await resolveInside(folder, file);
      const status = path && (await stat(path).catch(() => null));
      if (status && status.isFile()) files.push({ file, bytes: status.size, precision: precisionOf(file) });
    }
  }
  if (files.length > 0) return orderModelFiles(files);
  const weights = (await readdir(folder).catch(() => [])).find(isCheckpoint);
  if (weights !== undefined) throw checkpoint(name, weights);
  throw new ProblemError({
    code: 'model.noOnnx',
    title: 'there is no onnx/model.onnx and no model.onnx in this model folder',
    subject: name,
    hint: 'Export the model to ONNX, for example with optimum or models/training',
  });
}

/**
 * The one that was asked for, or the first.
 *
 * @throws ProblemError `model.noFile` where the folder has none of that name
 */
export function pickModelFile(
  files: readonly ModelFile[],
  asked: string | undefined,
  name: string,
): ModelFile {
  const found = asked === undefined ? files[0] : files.find(({ file }) => file === asked);
  if (found) return found;
  throw new ProblemError({
    code: 'model.noFile',
    title: `it has no ONNX file "${asked}"`,
    subject: name,
    hint: `It has ${files.map(({ file }) => file).join(', ')}`,
  });
}
