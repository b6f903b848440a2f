import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encode } from 'fast-png';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { seededRandom } from '#core/mask/seededRandom.ts';
import { buildNode, buildOnnxBytes, buildValue } from '#core/onnx/buildModel.ts';
import { emitSegformer } from '#core/onnx/segformer/emitSegformer.ts';
import { recogniseSegformer } from '#core/onnx/segformer/recogniseSegformer.ts';
import { gatesOf, type SegformerGraph } from '#core/onnx/segformer/segformerGraph.ts';
import { randomSegformer } from '#core/onnx/segformer/testing/randomSegformer.ts';
import { writeOnnx } from '#core/onnx/writeOnnx.ts';
import { blockGraph } from '#core/prune/calibrationGraphs.ts';
import { withGates } from '#core/prune/withGates.ts';
import { readModelFolder } from '../../main/node/modelFolder.ts';
import { readOnnxFile } from '../../main/node/readOnnxFile.ts';
import { openPartSession } from '../inference/openPartSession.ts';
import { prune, type PruneCommandOptions } from './prune.ts';

const HEIGHT = 96;
const WIDTH = 128;
const random = seededRandom(7);
const open = openPartSession(1);
let folder: string;
let printed: string;

async function writeModel(name: string, onnx: Uint8Array): Promise<string> {
  const path = join(folder, name);
  await mkdir(join(path, 'onnx'), { recursive: true });
  const id2label = Object.fromEntries(['Sky', 'Road', 'Car', 'Tree', 'Pole'].map((label, id) => [id, label]));
  await writeFile(join(path, 'config.json'), JSON.stringify({ model_type: 'segformer', id2label }));
  const size = { height: HEIGHT, width: WIDTH };
  await writeFile(join(path, 'preprocessor_config.json'), JSON.stringify({ size }));
  await writeFile(join(path, 'onnx', 'model.onnx'), onnx);
  return path;
}

const bytesOf = (graph: SegformerGraph) =>
  writeOnnx(emitSegformer(graph, { backend: 'webgpu', rewrites: { mergeProjections: false } }));

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dynaseg-prune-'));
  await mkdir(join(folder, 'images'));
  await mkdir(join(folder, 'nothing'));
  for (let i = 0; i < 6; i++) {
    // Plain pictures of different colours with some noise: images that differ from one another.
    const colour = [0, 1, 2].map(() => 40 + 160 * random());
    const data = Uint8Array.from({ length: WIDTH * HEIGHT * 3 }, (_, at) => colour[at % 3]! + 50 * random());
    await writeFile(
      join(folder, 'images', `${i}.png`),
      encode({ width: WIDTH, height: HEIGHT, data, channels: 3 }),
    );
  }
  await writeModel('teacher', bytesOf(randomSegformer(11)));
  await writeModel('gated', bytesOf(randomSegformer(11, { form: 'direct', keepRatio: 0.5 })));
  const other = buildOnnxBytes({
    nodes: [buildNode('Relu', ['pixel_values'], ['logits'])],
    outputs: [buildValue('logits', [1, 3, 'height', 'width'])],
  });
  await writeModel('other', other);
}, 120_000);
afterAll(() => rm(folder, { recursive: true }));
beforeEach(() => {
  printed = '';
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
});

function run(options: Partial<PruneCommandOptions> & { readonly out: string }) {
  return prune({
    model: join(folder, 'teacher'),
    images: join(folder, 'images'),
    budget: 0.7,
    method: 'dynamic',
    json: true,
    threads: 1,
    ...options,
    out: join(folder, options.out),
  });
}

async function logitsOf(onnx: Uint8Array<ArrayBuffer>, pixels: Float32Array): Promise<Float32Array> {
  const session = await open(onnx);
  const { logits } = await session.run({ pixel_values: { dims: [1, 3, HEIGHT, WIDTH], data: pixels } });
  await session.release();
  return logits!.data as Float32Array;
}

const pixels = Float32Array.from({ length: 3 * HEIGHT * WIDTH }, () => 2 * random() - 1);
const largestDifference = (a: Float32Array, b: Float32Array) =>
  a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);

describe('dynaseg prune', { timeout: 240_000 }, () => {
  it('keeps the function where the budget is 1', async () => {
    expect(await run({ out: 'whole', budget: 1 })).toBe(0);
    const [before, after] = await Promise.all(
      ['teacher', 'whole'].map(
        async (name) => new Uint8Array(await readFile(join(folder, name, 'onnx/model.onnx'))),
      ),
    );
    expect(largestDifference(await logitsOf(before!, pixels), await logitsOf(after!, pixels))).toBeLessThan(
      1e-4,
    );
  });

  it.each(['dynamic', 'static'] as const)(
    'makes a %s student that opens',
    { timeout: 240_000 },
    async (method) => {
      expect(await run({ out: method, method })).toBe(0);
      const { macs, fullMacs, agreement } = JSON.parse(printed) as Record<string, number>;
      expect(Math.abs(macs! / fullMacs! - 0.7)).toBeLessThan(0.01);
      expect(agreement).toBeGreaterThan(0);
      expect((await readdir(join(folder, method))).sort()).toEqual([
        'card.json',
        'config.json',
        'onnx',
        'preprocessor_config.json',
      ]);
      const info = await readModelFolder(join(folder, method));
      expect(info).toMatchObject({ id: method, role: 'student', problems: [], card: { teacher: 'teacher' } });
      const { model } = await readOnnxFile(info.onnxFile);
      const recognition = recogniseSegformer(model);
      if (!recognition.recognised) throw new Error(`${recognition.where}: ${recognition.found}`);
      const gates = gatesOf(recognition.graph).map(({ name, groups, kept }) => [name, groups * kept]);
      expect(gates).toEqual(info.card!.gates.map(({ name, kept }) => [name, kept]));
      expect(gates.length > 0).toBe(method === 'dynamic');
    },
  );

  it('replaces what a gate leaves out by its mean, exactly', async () => {
    const { blocks } = randomSegformer(12).stages[2]!;
    const block = blocks[0]!;
    const neurons = block.ffn.fc1.weight.dims[0]!;
    // Depthwise kernels of zeros: every activation is constant, so its mean is all that it says.
    const still = {
      ...block.ffn,
      depthwise: {
        ...block.ffn.depthwise,
        weight: { dims: [neurons, 1, 3, 3], data: new Float32Array(9 * neurons) },
      },
    };
    const bare = { ...block, ffn: still };
    const channels = block.norm1.scale.length;
    const tokens = { dims: [12, channels], data: pixels.slice(0, 12 * channels) };
    const feeds = { tokens, grid: { dims: [2], data: BigInt64Array.of(3n, 4n) } };
    const seen = await (await open(blockGraph(bare, { statistics: true }))).run(feeds);
    const weight = { dims: [neurons, channels], data: pixels.slice(0, neurons * channels) };
    const gate = {
      kind: 'ffn' as const,
      name: 'gate',
      groups: 1,
      kept: 3,
      norm: null,
      throughLayer: false,
      layers: [{ weight, bias: null }],
      scales: false,
      means: seen.activationMean!.data as Float32Array,
    };
    const pruned = await (
      await open(blockGraph(withGates(bare, { qk: null, v: null, ffn: gate })))
    ).run(feeds);
    const [a, b] = [seen, pruned].map((out) => out.nextTokens!.data as Float32Array);
    expect(largestDifference(a!, b!)).toBeLessThan(1e-5);
  });

  it.each([
    [{ budget: 1.5 }, 'the budget 1.5 is not above 0 and at most 1'],
    [{ budget: Number.NaN }, 'the budget NaN is not above 0 and at most 1'],
    [{ images: 'nothing' }, 'there is no image to calibrate on'],
    [{ model: 'gated' }, 'gated: it is a student already: it has 15 gates. Prune its teacher'],
    [{ model: 'other' }, 'other: it is not a SegFormer that can be pruned: '],
  ])(
    '%j: %s',
    async ({ images, model, ...options }: { images?: string; model?: string; budget?: number }, message) => {
      await expect(
        run({
          out: 'never',
          ...options,
          ...(images !== undefined && { images: join(folder, images) }),
          ...(model !== undefined && { model: join(folder, model) }),
        }),
      ).rejects.toThrow(message);
      expect(await readdir(folder)).not.toContain('never');
    },
  );

  it('says the smallest budget that can be reached, and it can be', async () => {
    const message: unknown = await run({ out: 'never', budget: 0.01 }).catch((error: unknown) =>
      String(error),
    );
    expect(message).toMatch(/teacher: a budget of 0\.01 cannot be reached: 0\.\d+ is the smallest/);
    const smallest = Number(/reached: ([\d.]+) is/.exec(String(message))?.[1]);
    expect(await run({ out: 'smallest', budget: smallest, method: 'static' })).toBe(0);
  });

  it('never writes into a folder that holds something', async () => {
    await expect(run({ out: 'images' })).rejects.toThrow(
      `${join(folder, 'images')}: the folder holds 0.png already. Choose a new or an empty folder for the student`,
    );
  });
});
