import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import * as ort from 'onnxruntime-web';
import { describe, expect, it, vi } from 'vitest';
import { EngineModel, type EngineResult } from '#core/engine/engineModel.ts';
import { readEmitted } from '#core/engine/emittedSegformer.ts';
import type { OnnxModel } from '#core/onnx/onnxModel.ts';
import { readOnnx } from '#core/onnx/readOnnx.ts';
import { findGates } from '#core/onnx/findGates.ts';
import { retargetKeepRatio } from '#core/onnx/retargetKeepRatio.ts';
import { emitSegformer, noRewrites } from '#core/onnx/segformer/emitSegformer.ts';
import { optimiseModel } from '#core/onnx/segformer/optimiseModel.ts';
import { randomSegformer } from '#core/onnx/segformer/testing/randomSegformer.ts';
import { writeOnnx } from '#core/onnx/writeOnnx.ts';
import { nodeEngine } from './nodeEngine.ts';

ort.env.wasm.numThreads = 1;
ort.env.logLevel = 'error';
vi.setConfig({ testTimeout: 60_000 });
const LIMIT = 1e-4;
/** Multiples of 8, as the kernels need them; heads are 8, 8, 8 and 4 wide. */
const WIDTHS = { stages: [8, 16, 40, 32], decoder: 16 };

const pixelsOf = (height: number, width: number): Float32Array =>
  Float32Array.from(
    { length: 3 * height * width },
    (_, i) => Math.sin(i * 0.37) + ((i * 7919) % 1000) / 500 - 1,
  );

async function byOnnxruntime(bytes: Uint8Array, height: number, width: number) {
  const session = await ort.InferenceSession.create(bytes, { graphOptimizationLevel: 'disabled' });
  const input = new ort.Tensor('float32', pixelsOf(height, width), [1, 3, height, width]);
  const outputs = await session.run({ pixel_values: input });
  await session.release();
  return outputs;
}

function engineModel(model: OnnxModel): EngineModel {
  const emitted = readEmitted(model);
  const engine = nodeEngine(2);
  const computed = emitted && engine && EngineModel.create(engine, emitted, model.subject);
  if (!computed) throw new Error('the engine does not compute it');
  return computed;
}

function expectSame(result: EngineResult, outputs: Readonly<Record<string, ort.Tensor>>): void {
  const { classes, height, width } = result;
  const { logits, ...gates } = outputs;
  expect([1, classes, height, width]).toEqual(logits!.dims);
  const theirs = logits!.data as Float32Array;
  // Not a largest difference: that would pass over a NaN.
  expect(result.logits.every((value, i) => Math.abs(value - theirs[i]!) < LIMIT)).toBe(true);
  const sorted = (tensor: { data: unknown }) =>
    [...(tensor.data as BigInt64Array)].map(Number).sort((a, b) => a - b);
  expect(Object.keys(result.kept).sort()).toEqual(Object.keys(gates).sort());
  for (const [name, tensor] of Object.entries(gates))
    expect(sorted(result.kept[name]!)).toEqual(sorted(tensor));
}

describe.each([
  ['no gates', null],
  ['gates through their layer', { form: 'throughLayer', keepRatio: 0.6 }],
  ['gates in closed form', { form: 'direct', keepRatio: 0.6 }],
] as const)('a model with random weights and %s', (_, gates) => {
  const graph = randomSegformer(7, gates, WIDTHS);
  const plain = writeOnnx(emitSegformer(graph, { backend: 'wasm', rewrites: noRewrites }));
  const model = readOnnx(writeOnnx(emitSegformer(graph, { backend: 'wasm' })), 'random');

  it.each([
    [72, 104],
    [33, 47],
    [128, 64],
  ])('gives the logits and gates of its plain form at %ix%i', async (height, width) => {
    const computed = engineModel(model);
    const result = computed.run(pixelsOf(height, width), height, width);
    expectSame(result, await byOnnxruntime(plain, height, width));
    expect(Math.max(...result.logits) - Math.min(...result.logits)).toBeGreaterThan(1);
    await computed.release();
  });
});

it('other sizes, other models and other keep ratios in between change nothing', async () => {
  const graph = randomSegformer(8, { form: 'throughLayer', keepRatio: 0.6 }, WIDTHS);
  const bytes = writeOnnx(emitSegformer(graph, { backend: 'wasm' }));
  const narrow = readOnnx(bytes, 'random');
  retargetKeepRatio(narrow, 0.3);
  const one = engineModel(readOnnx(bytes, 'random'));
  const other = engineModel(narrow);
  const first = one.run(pixelsOf(64, 64), 64, 64);
  expectSame(other.run(pixelsOf(96, 160), 96, 160), await byOnnxruntime(writeOnnx(narrow), 96, 160));
  await other.release();
  one.run(pixelsOf(200, 88), 200, 88);
  expect(one.run(pixelsOf(64, 64), 64, 64)).toEqual(first);
  await one.release();
});

it.each([0.3, 0.9, 1])('weights are shared by a model that keeps %d of its neurons', async (keepRatio) => {
  const graph = randomSegformer(8, { form: 'direct', keepRatio: 0.6 }, WIDTHS);
  const model = readOnnx(writeOnnx(emitSegformer(graph, { backend: 'wasm' })), 'random');
  const base = engineModel(model);
  const first = base.run(pixelsOf(64, 96), 64, 96);
  retargetKeepRatio(model, keepRatio);
  const changed = base.atKept(new Map(findGates(model).map(({ name, kept }) => [name, kept])));
  expectSame(changed.run(pixelsOf(64, 96), 64, 96), await byOnnxruntime(writeOnnx(model), 64, 96));
  expect(base.run(pixelsOf(64, 96), 64, 96)).toEqual(first);
  await base.release();
  // What one of them gave back is still the other's, whoever comes next.
  const next = engineModel(readOnnx(writeOnnx(emitSegformer(randomSegformer(9, null, WIDTHS), { backend: 'wasm' })), 'next')); // prettier-ignore
  expectSame(changed.run(pixelsOf(64, 96), 64, 96), await byOnnxruntime(writeOnnx(model), 64, 96));
  await next.release();
  await changed.release();
});

it('a picture with NaN gives NaN, not numbers, where onnxruntime does', async () => {
  const graph = randomSegformer(9, null, WIDTHS);
  const bytes = writeOnnx(emitSegformer(graph, { backend: 'wasm' }));
  const pixels = pixelsOf(64, 64);
  pixels[100] = NaN;
  const computed = engineModel(readOnnx(bytes, 'random'));
  expect(computed.run(pixels, 64, 64).logits.every((value) => Number.isNaN(value))).toBe(true);
  await computed.release();
});

it.each(['segformer-b0-street', 'dynasegformer-b0-street-k70'])(
  'the model %s of the studio gives the logits and gates of its file',
  async (id) => {
    const file = fileURLToPath(new URL(`../../models/${id}/onnx/model.onnx`, import.meta.url));
    const bytes = await readFile(file);
    const optimised = optimiseModel(readOnnx(bytes, id), 'wasm');
    if (!optimised.optimised) throw new Error(optimised.found);
    const computed = engineModel(readOnnx(optimised.bytes, id));
    expectSame(computed.run(pixelsOf(96, 136), 96, 136), await byOnnxruntime(bytes, 96, 136));
    await computed.release();
  },
);

it('refuses what it does not compute', () => {
  const graph = randomSegformer(7, null, WIDTHS);
  const wasm = (options: object) => readEmitted(emitSegformer(graph, { backend: 'wasm', ...options }));
  expect(wasm({})).not.toBeNull();
  expect(wasm({ exposeStages: true })).toBeNull();
  expect(wasm({ storage: 'float16' })).toBeNull();
  expect(wasm({ rewrites: noRewrites })).toBeNull();
  expect(readEmitted(emitSegformer(graph, { backend: 'webgpu' }))).toBeNull();
  const odd = readEmitted(emitSegformer(randomSegformer(7), { backend: 'wasm' }));
  expect(EngineModel.create(nodeEngine(2)!, odd!, 'odd')).toBeNull();
});

it('says that an input is too small', async () => {
  const computed = engineModel(emitSegformer(randomSegformer(7, null, WIDTHS), { backend: 'wasm' }));
  expect(() => computed.run(pixelsOf(16, 16), 16, 16)).toThrow(
    'an input of 16 x 16 pixels is too small for the model. Feed it at least 32 x 32 pixels',
  );
  await computed.release();
});

it('says that an input is too large, and computes the next one', async () => {
  const bytes = writeOnnx(emitSegformer(randomSegformer(7, null, WIDTHS), { backend: 'wasm' }));
  const computed = engineModel(readOnnx(bytes, 'random'));
  const first = computed.run(pixelsOf(64, 64), 64, 64);
  expect(() => computed.run(new Float32Array(0), 30000, 30000)).toThrow(
    /^random: an input of 30000 x 30000 pixels needs \d+ MB, more than there is for models. Choose tiles or a smaller/,
  );
  // What is loaded meanwhile may lie where the last run was.
  const other = engineModel(readOnnx(bytes, 'other'));
  expect(computed.run(pixelsOf(64, 64), 64, 64)).toEqual(first);
  expect(other.run(pixelsOf(64, 64), 64, 64)).toEqual(first);
  await computed.release();
  await other.release();
});
