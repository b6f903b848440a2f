import * as ort from 'onnxruntime-web';
import { beforeAll, expect, it, vi } from 'vitest';
import { exposeScores } from '#core/onnx/exposeScores.ts';
import { overrideGates, type GateOverride } from '#core/onnx/overrideGates.ts';
import { emitSegformer, noRewrites } from '#core/onnx/segformer/emitSegformer.ts';
import type { Block, SegformerGraph } from '#core/onnx/segformer/segformerGraph.ts';
import { randomSegformer } from '#core/onnx/segformer/testing/randomSegformer.ts';
import { writeOnnx } from '#core/onnx/writeOnnx.ts';

ort.env.wasm.numThreads = 1;
ort.env.logLevel = 'error';
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });
const [height, width] = [72, 104];
const pixels = Float32Array.from(
  { length: 3 * height * width },
  (_, i) => Math.sin(i * 0.37) + ((i * 7919) % 1000) / 500 - 1,
);

async function run(graph: SegformerGraph, overrides: readonly GateOverride[], plain = false) {
  const model = emitSegformer(graph, { backend: 'wasm', ...(plain && { rewrites: noRewrites }) });
  const scores = exposeScores(model);
  overrideGates(model, overrides);
  const session = await ort.InferenceSession.create(writeOnnx(model));
  const input = new ort.Tensor('float32', pixels, [1, 3, height, width]);
  const outputs = await session.run({ pixel_values: input });
  await session.release();
  return {
    logits: outputs.logits!.data as Float32Array,
    kept: (name: string) => [...(outputs[name]!.data as BigInt64Array)].map(Number).sort((a, b) => a - b),
    scores: (name: string) => [...(outputs[scores.get(name)!]!.data as Float32Array)],
  };
}

function difference(a: Float32Array, b: Float32Array): number {
  return a.reduce((largest, value, i) => Math.max(largest, Math.abs(value - b[i]!)), 0);
}

/** The model with one block changed. */
function withBlock(graph: SegformerGraph, change: (block: Block) => Block): SegformerGraph {
  const stages = graph.stages.map((stage, s) =>
    s === 1 ? { ...stage, blocks: stage.blocks.map((block, b) => (b === 1 ? change(block) : block)) } : stage,
  );
  return { ...graph, stages };
}

const all = (count: number) => Array.from({ length: count }, (_, i) => i);
const open = randomSegformer(21, { form: 'direct', keepRatio: 1 });
const gated = randomSegformer(22, { form: 'throughLayer', keepRatio: 0.5 });
let natural: Awaited<ReturnType<typeof run>>;

beforeAll(async () => {
  natural = await run(gated, []);
});

it.each([false, true])(
  'forcing what is kept anyway changes nothing (as transformers writes it: %s)',
  async (plain) => {
    const names = ['gate.0.0.ffn', 'gate.1.1.qk', 'gate.2.0.v'];
    const overrides = names.map((name) => ({
      name,
      on: natural.kept(name),
      off: [],
      kept: natural.kept(name),
    }));
    const forced = await run(gated, overrides, plain);
    expect(difference(forced.logits, natural.logits)).toBeLessThan(1e-4);
    for (const name of names) expect(forced.kept(name)).toEqual(natural.kept(name));
  },
);

it('keeps the forced ones and drops those that are forced off, beside what the gate keeps', async () => {
  const name = 'gate.3.0.ffn';
  const before = natural.kept(name);
  const missing = all(128).filter((neuron) => !before.includes(neuron));
  const [on, off] = [missing.slice(0, 5), before.slice(0, 3)];
  const { kept, logits } = await run(gated, [{ name, on, off, kept: before }]);
  expect(kept(name)).toEqual([...before.slice(3), ...on].sort((a, b) => a - b));
  expect(difference(logits, natural.logits)).toBeGreaterThan(1e-4);
  // What it keeps by itself are the largest of the logits that it shows.
  const scores = natural.scores(name);
  const largest = all(128)
    .sort((a, b) => scores[b]! - scores[a]!)
    .slice(0, before.length);
  expect(largest.sort((a, b) => a - b)).toEqual(before);
});

it('forcing all of a layer on is the layer without its gate', async () => {
  const overrides = [
    { name: 'gate.1.1.qk', on: all(16), off: [], kept: natural.kept('gate.1.1.qk') },
    { name: 'gate.1.1.v', on: all(16), off: [], kept: natural.kept('gate.1.1.v') },
    { name: 'gate.1.1.ffn', on: all(64), off: [], kept: natural.kept('gate.1.1.ffn') },
  ];
  const whole = withBlock(gated, ({ attention, ffn, ...block }) => ({
    ...block,
    attention: {
      ...attention,
      qkGate: { ...attention.qkGate!, kept: 8 },
      vGate: { ...attention.vGate!, kept: 8 },
    },
    ffn: { ...ffn, gate: { ...ffn.gate!, kept: 64 } },
  }));
  const [forced, expected] = [await run(gated, overrides), await run(whole, [])];
  expect(difference(forced.logits, expected.logits)).toBeLessThan(1e-4);
});

it('neurons that are off in one head alone leave nothing behind but their means', async () => {
  const [qk, v] = [
    [0, 1, 9],
    [2, 10, 11, 12],
  ];
  const forced = await run(open, [
    { name: 'gate.1.1.qk', on: [], off: qk, kept: all(16) },
    { name: 'gate.1.1.v', on: [], off: v, kept: all(16) },
    { name: 'gate.1.1.ffn', on: [], off: all(64), kept: all(64) },
  ]);
  const without = withBlock(open, ({ attention, ffn, ...block }) => {
    const { query, output, vGate } = attention;
    const [out = 0, inputs = 0] = output.weight.dims;
    const weight = output.weight.data.map((value, i) => (v.includes(i % inputs) ? 0 : value));
    const bias = Float32Array.from({ length: out }, (_, row) =>
      v.reduce(
        (sum, n) => sum + output.weight.data[row * inputs + n]! * vGate!.means![n]!,
        output.bias![row]!,
      ),
    );
    const fc2Bias = ffn.fc2.bias!.map((value, row) =>
      ffn.gate!.means!.reduce((sum, mean, n) => sum + ffn.fc2.weight.data[row * 64 + n]! * mean, value),
    );
    const queryInputs = query.weight.dims[1]!;
    return {
      ...block,
      attention: {
        ...attention,
        query: {
          weight: {
            ...query.weight,
            data: query.weight.data.map((x, i) => (qk.includes(Math.floor(i / queryInputs)) ? 0 : x)),
          },
          bias: query.bias!.map((x, i) => (qk.includes(i) ? 0 : x)),
        },
        output: { weight: { ...output.weight, data: weight }, bias },
        vGate: null,
        qkGate: null,
      },
      ffn: {
        ...ffn,
        fc2: { weight: { ...ffn.fc2.weight, data: ffn.fc2.weight.data.map(() => 0) }, bias: fc2Bias },
        gate: null,
      },
    };
  });
  const expected = await run(without, []);
  expect(difference(forced.logits, expected.logits)).toBeLessThan(1e-4);
});
