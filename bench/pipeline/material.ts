import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ModelInfo } from '#core/models/modelInfo.ts';
import { renderScene } from '#core/scenes/renderScene.ts';
import { encodeJpeg } from '../../cli/scenes/encodeJpeg.ts';
import { optimiseFile } from '../../main/node/optimisedModels.ts';
import { readModelFolder } from '../../main/node/modelFolder.ts';
import { findPython } from '../../scripts/pythonEnvironment.ts';
import { inRepository } from '../../scripts/repository.ts';
import { run } from '../../scripts/run.ts';

/** Everything that the bench makes for itself lies here, out of git. */
export const BENCH_FOLDER = inRepository('.cache', 'bench');
const PEER_FOLDER = inRepository('bench', 'peer');

/** transformers.js as npm installs it. */
export const PEER_PACKAGE = join(PEER_FOLDER, 'node_modules', '@huggingface', 'transformers');

export interface BenchImage {
  readonly name: string;
  readonly path: string;
  readonly width: number;
  readonly height: number;
}

export interface BenchModel {
  readonly info: ModelInfo;
  /** The optimised form, as the studio makes it of the same file. */
  readonly exact: { readonly path: string; readonly sha256: string };
}

const must = async (command: string, args: readonly string[], cwd: string): Promise<void> => {
  const { code, stderr, stdout } = await run(command, args, { cwd, timeoutMs: 15 * 60_000 });
  if (code !== 0) throw new Error((stderr || stdout).trim().split('\n').slice(-4).join(' '));
};

/** Installs transformers.js beside the bench, once. Its install scripts fetch what is not used here: left out. */
export async function installPeer(log: (line: string) => void): Promise<void> {
  if (existsSync(join(PEER_PACKAGE, 'package.json'))) return;
  log('installing transformers.js in bench/peer (480 MB, once)');
  await must('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], PEER_FOLDER);
}

/** A rendered street as a JPEG of that size. */
export async function benchImage(width: number, height: number): Promise<BenchImage> {
  const name = `street-${width}x${height}.jpg`;
  const path = join(BENCH_FOLDER, 'images', name);
  if (!existsSync(path)) {
    await mkdir(join(BENCH_FOLDER, 'images'), { recursive: true });
    await writeFile(path, await encodeJpeg(renderScene({ seed: 42, width, height }).image, 92));
  }
  return { name, path, width, height };
}

/**
 * A SegFormer-B0 with random weights as transformers and torch export it, in a folder that transformers.js and the
 * studio open, and the form that the studio makes of it. Needs Python; makes .venv where there is none.
 */
export async function plainModel(
  options: { labels: number; height: number; width: number },
  log: (line: string) => void,
): Promise<BenchModel> {
  const { labels, height, width } = options;
  const id = `segformer-b0-${labels}`;
  const folder = join(BENCH_FOLDER, 'models', id);
  const file = join(folder, 'onnx', 'model.onnx');
  if (!existsSync(file)) {
    log(`exporting ${id} with transformers and torch`);
    await mkdir(join(folder, 'onnx'), { recursive: true });
    const python = await findPython('bench', ['conformance/requirements.txt'], log);
    const script = inRepository('conformance', 'segformerExports.py');
    const size = ['--height', String(height), '--width', String(width)];
    await must(python, [script, dirname(file), '--labels', String(labels), ...size], inRepository('.'));
    await rename(join(dirname(file), (await readdir(dirname(file)))[0]!), file);
  }
  const label = (index: number): [string, string] => [String(index), `class ${index}`];
  const id2label = Object.fromEntries(Array.from({ length: labels }, (_, index) => label(index)));
  const config = { model_type: 'segformer', architectures: ['SegformerForSemanticSegmentation'], id2label };
  await writeFile(join(folder, 'config.json'), JSON.stringify(config));
  const preprocessor = {
    image_processor_type: 'SegformerFeatureExtractor',
    do_resize: true,
    size: { height, width },
    resample: 2,
    do_rescale: true,
    rescale_factor: 1 / 255,
    do_normalize: true,
    image_mean: [0.485, 0.456, 0.406],
    image_std: [0.229, 0.224, 0.225],
    do_reduce_labels: false,
  };
  await writeFile(join(folder, 'preprocessor_config.json'), JSON.stringify(preprocessor));
  return withForm(await readModelFolder(folder, { id }));
}

/** The form of a model that the studio runs on WASM, made anew: it is what is measured. */
export async function withForm(info: ModelInfo): Promise<BenchModel> {
  const made = await optimiseFile(info.onnxFile, 'wasm');
  if (!made.optimised) {
    throw new Error(
      `${info.id} is not optimised: ${made.where}: expected ${made.expected}, found ${made.found}`,
    );
  }
  const path = join(BENCH_FOLDER, 'forms', `${info.id}.onnx`);
  await mkdir(join(BENCH_FOLDER, 'forms'), { recursive: true });
  await writeFile(path, made.bytes);
  const sha256 = createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
  return { info, exact: { path, sha256 } };
}
