import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { encode } from 'fast-png';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { int8Layers, lightLayers, preparedForLight, withInt8, withTanhGelu } from '#core/onnx/light/lightLayers.ts'; // prettier-ignore
import { retargetKeepRatio } from '#core/onnx/retargetKeepRatio.ts';
import { emitSegformer } from '#core/onnx/segformer/emitSegformer.ts';
import { recogniseSegformer } from '#core/onnx/segformer/recogniseSegformer.ts';
import { gatesOf, type SegformerGraph } from '#core/onnx/segformer/segformerGraph.ts';
import { randomSegformer } from '#core/onnx/segformer/testing/randomSegformer.ts';
import { writeOnnx } from '#core/onnx/writeOnnx.ts';
import { agreementShare } from '#core/prune/divergence.ts';
import { openCalibrationFolder } from '../../main/node/calibrationFolder.ts';
import { readModelFolder } from '../../main/node/modelFolder.ts';
import { readOnnxFile } from '../../main/node/readOnnxFile.ts';
import { openPartSession } from '../inference/openPartSession.ts';
import { lighten, type LightenCommandOptions } from './lighten.ts';

const [HEIGHT, WIDTH] = [64, 96];
const open = openPartSession(1);
let folder: string;
let printed: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dynaseg-lighten-'));
  await mkdir(join(folder, 'images'));
  await mkdir(join(folder, 'student', 'onnx'), { recursive: true });
  for (let i = 0; i < 2; i++) {
    const data = Uint8Array.from({ length: WIDTH * HEIGHT * 3 }, (_, at) => (at * (7 + i * 4)) % 251);
    await writeFile(
      join(folder, 'images', `${i}.png`),
      encode({ width: WIDTH, height: HEIGHT, data, channels: 3 }),
    );
  }
  const student = randomSegformer(11, { form: 'throughLayer', keepRatio: 0.5 });
  const onnx = writeOnnx(
    emitSegformer(student, { backend: 'webgpu', rewrites: { mergeProjections: false } }),
  );
  await writeFile(join(folder, 'student', 'onnx', 'model.onnx'), onnx);
  const id2label = Object.fromEntries(['Sky', 'Road', 'Car', 'Tree', 'Pole'].map((label, id) => [id, label]));
  await writeFile(
    join(folder, 'student', 'config.json'),
    JSON.stringify({ model_type: 'segformer', id2label }),
  );
  const size = { height: HEIGHT, width: WIDTH };
  await writeFile(join(folder, 'student', 'preprocessor_config.json'), JSON.stringify({ size }));
}, 60_000);
afterAll(() => rm(folder, { recursive: true }));
beforeEach(() => {
  printed = '';
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
});

const run = (options: Partial<LightenCommandOptions> & { readonly out: string }) =>
  lighten({
    model: join(folder, 'student'),
    images: join(folder, 'images'),
    tolerance: 10,
    json: true,
    threads: 1,
    ...options,
    out: join(folder, options.out),
  });

async function graphOf(path: string): Promise<SegformerGraph> {
  const { model } = await readOnnxFile(join(path, 'onnx', 'model.onnx'));
  const recognition = recogniseSegformer(model);
  if (!recognition.recognised) throw new Error(recognition.found);
  return recognition.graph;
}

describe('dynaseg lighten', { timeout: 120_000 }, () => {
  it('makes a student that opens, is recognised, and takes another keep ratio', async () => {
    expect(await run({ out: 'light', size: { height: 64, width: 64 } })).toBe(0);
    const report = JSON.parse(printed) as { layers: { name: string; int8: boolean }[]; agreement: number };
    expect(report.layers.map(({ name, int8 }) => [name, int8])).toEqual([
      ['stage.0.0.reduction', true],
      ['stage.1.0.reduction', true],
      ['stage.1.1.reduction', true],
    ]);
    expect(report.agreement).toBeGreaterThan(0.8);
    const light = join(folder, 'light');
    const info = await readModelFolder(light);
    expect(info).toMatchObject({ role: 'student', preprocessor: { size: { height: 64, width: 64 } } });
    expect(info.card).toMatchObject({ id: 'light', teacher: 'student', recipe: { tool: 'dynaseg lighten' } });
    const graph = await graphOf(light);
    expect(int8Layers(graph)).toEqual(report.layers.map(({ name }) => name));
    expect(info.card?.gates.map(({ name, kept }) => [name, kept])).toEqual(
      gatesOf(graph).map(({ name, groups, kept }) => [name, groups * kept]),
    );
    const { model } = await readOnnxFile(join(light, 'onnx', 'model.onnx'));
    retargetKeepRatio(model, 1);
    const session = await open(writeOnnx(model));
    const data = new Float32Array(3 * HEIGHT * WIDTH).fill(0.5);
    const { logits } = await session.run({ pixel_values: { dims: [1, 3, HEIGHT, WIDTH], data } });
    await session.release();
    expect(logits!.dims).toEqual([1, 5, HEIGHT / 4, WIDTH / 4]);
  });

  it('leaves every layer in floats where nothing may change', async () => {
    expect(await run({ out: 'floats', tolerance: 0 })).toBe(0);
    expect(int8Layers(await graphOf(join(folder, 'floats')))).toEqual([]);
  });

  it('names what it cannot use, before it works', async () => {
    await expect(run({ out: 'light' })).rejects.toThrow('the folder holds card.json already');
    await expect(run({ out: 'bad', tolerance: NaN })).rejects.toThrow('the tolerance NaN is not a number');
  });

  it('the student that comes with the studio names the same classes on the samples', async () => {
    const root = fileURLToPath(new URL('../../', import.meta.url));
    const id = 'dynasegformer-b0-street-k70';
    const source = await readModelFolder(join(root, 'models', id));
    const graph = await graphOf(source.folder);
    const ready = withTanhGelu(preparedForLight(graph));
    const light = withInt8(ready, new Set(lightLayers(ready).map(({ name }) => name)));
    const size = { height: 288, width: 384 };
    const images = await openCalibrationFolder(join(root, 'samples', 'images'), { ...source.preprocessor, size }); // prettier-ignore
    const inputs = [await images.load(0), await images.load(1)];
    const logitsOf = async (of: SegformerGraph) => {
      const session = await open(writeOnnx(emitSegformer(of, { backend: 'wasm', exposeGates: false })));
      const found: Float32Array[] = [];
      for (const { pixelValues: data, height, width } of inputs) {
        const { logits } = await session.run({ pixel_values: { dims: [1, 3, height, width], data } });
        found.push(logits!.data as Float32Array);
      }
      await session.release();
      return found;
    };
    const [before, after] = [await logitsOf(graph), await logitsOf(light)];
    before.forEach((each, i) => expect(agreementShare(each, after[i]!, 11)).toBeGreaterThan(0.99));
    const bytes = writeOnnx(emitSegformer(light, { backend: 'webgpu', storage: 'int8' })).length;
    expect(bytes).toBeLessThan(0.75 * (await readFile(source.onnxFile)).length);
  });
});
