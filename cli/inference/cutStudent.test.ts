import * as ort from 'onnxruntime-web';
import { expect, it, vi } from 'vitest';
import { cutStudent } from '#core/gates/cutStudent.ts';
import { gateLayout } from '#core/gates/gateLayout.ts';
import { GateStatistics, statisticsOf } from '#core/gates/gateStatistics.ts';
import { gatesOfOutputs } from '#core/gates/recordedGates.ts';
import { gatedLayers } from '#core/onnx/gatedLayers.ts';
import { readOnnx } from '#core/onnx/readOnnx.ts';
import { emitSegformer } from '#core/onnx/segformer/emitSegformer.ts';
import { randomSegformer } from '#core/onnx/segformer/testing/randomSegformer.ts';
import { writeOnnx } from '#core/onnx/writeOnnx.ts';

ort.env.wasm.numThreads = 1;
ort.env.logLevel = 'error';
vi.setConfig({ testTimeout: 60_000 });
const [height, width] = [64, 96];
const pixels = Float32Array.from({ length: 3 * height * width }, (_, i) => Math.sin(i * 0.37));

async function run(onnx: Uint8Array) {
  const session = await ort.InferenceSession.create(onnx);
  const input = new ort.Tensor('float32', pixels, [1, 3, height, width]);
  const outputs = await session.run({ pixel_values: input });
  await session.release();
  return outputs;
}

const storage = 'float16';
const student = emitSegformer(randomSegformer(31, { form: 'throughLayer', keepRatio: 0.5 }), {
  backend: 'webgpu',
  rewrites: { mergeProjections: false, mergeGateLayer: false },
  storage,
});
const onnx = writeOnnx(student);
const model = readOnnx(onnx, 'student.onnx');
const layout = gateLayout(gatedLayers(model));

it('a student without what an image never kept says the same of it, in a smaller file', async () => {
  const before = await run(onnx);
  const statistics = statisticsOf(layout, [gatesOfOutputs(layout, before).bits]);
  const cut = cutStudent({ model, bytes: onnx.length, statistics, keepRatio: null });
  expect(cut.onnx.length).toBeLessThan(onnx.length);
  expect(cut.parameters).toBeLessThan(cut.report.parametersBefore);
  // Half of each layer is kept, so the other half of it goes.
  expect(
    cut.gates.every(({ neurons, kept }, i) => neurons === kept && kept === layout.layers[i]!.neurons / 2),
  ).toBe(true);
  const after = await run(cut.onnx);
  const [a, b] = [before.logits!.data as Float32Array, after.logits!.data as Float32Array];
  expect(a.reduce((largest, value, i) => Math.max(largest, Math.abs(value - b[i]!)), 0)).toBeLessThan(1e-4);
  expect(gatedLayers(readOnnx(cut.onnx, 'cut.onnx'))).toHaveLength(layout.layers.length);
});

it('refuses a model without gates, and a student of which nothing is never kept', () => {
  const none = { bytes: 1, keepRatio: null, statistics: new GateStatistics(layout) };
  const teacher = emitSegformer(randomSegformer(31), {
    backend: 'webgpu',
    rewrites: { mergeProjections: false },
  });
  expect(() => cutStudent({ ...none, model: { ...teacher, subject: 'teacher.onnx' } })).toThrow(
    'teacher.onnx: it has no gates, so there is no neuron that they never keep',
  );
  const all = new Uint8Array(Math.ceil(layout.neurons / 8)).fill(255);
  const statistics = statisticsOf(layout, [all]);
  expect(() => cutStudent({ ...none, model, statistics })).toThrow(
    'every neuron is kept by some of the 1 images',
  );
});
