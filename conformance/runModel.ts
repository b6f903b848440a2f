import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as ort from 'onnxruntime-web';
import { OptimisedModels } from '../main/node/optimisedModels.ts';
import { readModelFolder } from '../main/node/modelFolder.ts';

/**
 * `tsx conformance/runModel.ts PATH PIXELS HxW OUT`: opens a model as the studio does and runs it in onnxruntime-web on
 * PIXELS (float32 [1, 3, H, W], little-endian). Writes its logits as OUT.plain and OUT.wasm, of the model's own graph
 * and of the form that runs by default. One JSON object on stdout.
 */
const [path = '', pixelFile = '', size = '', out = ''] = process.argv.slice(2);
const [height = 0, width = 0] = size.split('x').map(Number);
ort.env.wasm.numThreads = 1;
ort.env.logLevel = 'error';
const info = await readModelFolder(path);
const pixels = new Float32Array(new Uint8Array(await readFile(pixelFile)).buffer);
const cache = await mkdtemp(join(tmpdir(), 'dynaseg-forms-'));
const forms: Record<string, { dims: readonly number[]; optimised: boolean; reason: string | null }> = {};
try {
  for (const form of ['plain', 'wasm'] as const) {
    const served = await new OptimisedModels(cache).fileFor(info, form);
    const session = await ort.InferenceSession.create(await readFile(served.path));
    const input = new ort.Tensor('float32', pixels, [1, 3, height, width]);
    const { logits } = await session.run({ pixel_values: input }, ['logits']);
    if (!(logits?.data instanceof Float32Array)) throw new Error(`logits are ${logits?.type ?? 'missing'}`);
    await writeFile(`${out}.${form}`, new Uint8Array(logits.data.buffer));
    forms[form] = { dims: logits.dims, optimised: served.optimised, reason: served.reason };
    await session.release();
  }
} finally {
  await rm(cache, { recursive: true, force: true });
}
process.stdout.write(
  JSON.stringify({
    classes: info.classTable.classes.map(({ name }) => name),
    file: info.onnxFile,
    files: info.files,
    preprocessor: info.preprocessor,
    problems: info.problems,
    mapping: info.mapping,
    forms,
  }),
);
