import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import * as ort from 'onnxruntime-web';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { int8Layers, lightLayers, preparedForLight, withInt8 } from '#core/onnx/light/lightLayers.ts';
import { retargetKeepRatio } from '#core/onnx/retargetKeepRatio.ts';
import type { OnnxModel } from '#core/onnx/onnxModel.ts';
import { optimisationLevel } from '#core/onnx/optimisationLevel.ts';
import { readOnnx } from '#core/onnx/readOnnx.ts';
import { cutNeurons } from '#core/onnx/segformer/cutNeurons.ts';
import type { EmitOptions, Rewrites } from '#core/onnx/segformer/emitOptions.ts';
import { emitSegformer, noRewrites, rewritesFor } from '#core/onnx/segformer/emitSegformer.ts';
import { recogniseSegformer } from '#core/onnx/segformer/recogniseSegformer.ts';
import { gatesOf, neuronsOf } from '#core/onnx/segformer/segformerGraph.ts';
import type { Gate, SegformerGraph } from '#core/onnx/segformer/segformerGraph.ts';
import { randomSegformer } from '#core/onnx/segformer/testing/randomSegformer.ts';
import { writeOnnx } from '#core/onnx/writeOnnx.ts';

ort.env.wasm.numThreads = 1;
ort.env.logLevel = 'error';
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });
const limit = 1e-4;
/** Sides that are not multiples of 32, or of what keys are reduced by. */
const [height, width] = [72, 104];
const pixels = Float32Array.from(
  { length: 3 * height * width },
  (_, i) => Math.sin(i * 0.37) + ((i * 7919) % 1000) / 500 - 1,
);

async function outputsOf(bytes: Uint8Array): Promise<Record<string, ort.Tensor>> {
  // As the studio runs it.
  const graphOptimizationLevel = optimisationLevel(readOnnx(bytes, 'test'));
  const session = await ort.InferenceSession.create(bytes, { graphOptimizationLevel });
  const outputs = await session.run({
    pixel_values: new ort.Tensor('float32', pixels, [1, 3, height, width]),
  });
  await session.release();
  return outputs;
}

async function logitsOf(model: OnnxModel | Uint8Array): Promise<Float32Array> {
  const { logits } = await outputsOf(model instanceof Uint8Array ? model : writeOnnx(model));
  return logits!.data as Float32Array;
}

const logitsAs = (graph: SegformerGraph, options: EmitOptions) => logitsOf(emitSegformer(graph, options));

function largestDifference(a: Float32Array, b: Float32Array): number {
  expect(a.length).toBe(b.length);
  return a.reduce((largest, value, i) => Math.max(largest, Math.abs(value - b[i]!)), 0);
}

function recognised(model: OnnxModel): SegformerGraph {
  const recognition = recogniseSegformer(model);
  if (!recognition.recognised) throw new Error(`${recognition.where}: ${recognition.found}`);
  return recognition.graph;
}

/** Rewrites that are nothing without another. */
const needs: Partial<Record<keyof Rewrites, Partial<Rewrites>>> = {
  headNhwc: { gemm: true, foldHead: true },
  rmsNorm: { gemm: true },
  transposedFfn: { gemm: true },
  patchReduction: { gemm: true },
  mergeProjections: { gemm: true },
};
const names = Object.keys(noRewrites) as (keyof Rewrites)[];

describe.each([
  ['a plain model', null],
  ['gates through their layer', { form: 'throughLayer', keepRatio: 0.6 }],
  ['gates in closed form', { form: 'direct', keepRatio: 0.6 }],
] as const)('%s with random weights', (_, gates) => {
  const graph = randomSegformer(11, gates);
  let plain: Float32Array = new Float32Array(0);

  beforeAll(async () => {
    plain = await logitsAs(graph, { backend: 'wasm', rewrites: noRewrites });
  });

  it.each(names)('%s changes nothing', async (name) => {
    const alone = await logitsAs(graph, {
      backend: 'wasm',
      rewrites: { ...noRewrites, ...needs[name], [name]: true },
    });
    expect(largestDifference(alone, plain)).toBeLessThan(limit);
  });

  it('all rewrites of a backend change nothing, and the logits are not all alike', async () => {
    for (const backend of ['wasm', 'webgpu'] as const) {
      expect(largestDifference(await logitsAs(graph, { backend }), plain)).toBeLessThan(limit);
    }
    const logits = plain;
    expect(Math.max(...logits) - Math.min(...logits)).toBeGreaterThan(1);
  });

  it('is recognised again as it was written', async () => {
    const again = recognised(emitSegformer(graph, { backend: 'wasm', rewrites: { ...noRewrites, ...rewritesFor('webgpu'), mergeProjections: false } })); // prettier-ignore
    expect(gatesOf(again).map(({ name, kept }) => [name, kept])).toEqual(
      gatesOf(graph).map(({ name, kept }) => [name, kept]),
    );
    expect(largestDifference(await logitsAs(again, { backend: 'wasm' }), plain)).toBeLessThan(limit);
  });
});

describe('the models that come with the studio', () => {
  it.each(['segformer-b0-street', 'dynasegformer-b0-street-k70'])(
    '%s gives the logits of its file',
    async (id) => {
      const file = fileURLToPath(new URL(`../../models/${id}/onnx/model.onnx`, import.meta.url));
      const bytes = await readFile(file);
      const original = await outputsOf(bytes);
      const graph = recognised(readOnnx(bytes, id));
      for (const backend of ['wasm', 'webgpu'] as const) {
        const form = await outputsOf(writeOnnx(emitSegformer(graph, { backend })));
        const logits = form.logits!.data as Float32Array;
        expect(largestDifference(logits, original.logits!.data as Float32Array)).toBeLessThan(limit);
        expect(Object.keys(form).sort()).toEqual(Object.keys(original).sort());
        for (const { name } of gatesOf(graph)) expect(sorted(form[name]!)).toEqual(sorted(original[name]!));
      }
    },
  );
});

function sorted(indices: ort.Tensor): number[] {
  return Array.from(indices.data as BigInt64Array, Number).sort((a, b) => a - b);
}

describe('students', () => {
  const student = randomSegformer(12, { form: 'throughLayer', keepRatio: 0.7 });
  const atRatio = (ratio: number) => withGates(student, (gate) => ({ ...gate, kept: Math.max(1, Math.round((ratio * neuronsOf(gate)) / gate.groups)) })); // prettier-ignore

  it('retargeted, have the bytes of a file that was written for that ratio', () => {
    for (const backend of ['wasm', 'webgpu'] as const) {
      const model = emitSegformer(student, { backend });
      retargetKeepRatio(model, 0.3);
      expect(Buffer.compare(writeOnnx(model), writeOnnx(emitSegformer(atRatio(0.3), { backend })))).toBe(0);
    }
  });

  it('with every neuron kept and gates that only choose, are the model without gates', async () => {
    const closed = randomSegformer(13, { form: 'direct', keepRatio: 1 });
    const open = await logitsAs(closed, { backend: 'wasm', gates: false });
    expect(largestDifference(await logitsAs(closed, { backend: 'wasm' }), open)).toBeLessThan(limit);
  });

  it('cut to the neurons that a fixed gate keeps, give the same logits', async () => {
    const closed = randomSegformer(14, { form: 'direct', keepRatio: 0.5 });
    // Gates that say the same to every picture.
    const fixed = withGates(closed, (gate) => {
      const [layer] = gate.layers;
      return {
        ...gate,
        layers: [{ weight: { ...layer!.weight, data: layer!.weight.data.map(() => 0) }, bias: layer!.bias }],
      };
    });
    const whole = await outputsOf(writeOnnx(emitSegformer(fixed, { backend: 'wasm' })));
    const kept = new Map(gatesOf(fixed).map(({ name }) => [name, sorted(whole[name]!)]));
    const cut = cutNeurons(fixed, kept);
    for (const gate of gatesOf(cut)) expect(neuronsOf(gate)).toBe(gate.groups * gate.kept);
    const logits = whole.logits!.data as Float32Array;
    for (const gates of [true, false]) {
      expect(largestDifference(await logitsAs(cut, { backend: 'wasm', gates }), logits)).toBeLessThan(limit);
    }
  });

  it('give the stages to those who ask', async () => {
    const model = emitSegformer(student, { backend: 'wasm', exposeStages: true, exposeGates: false });
    const outputs = await outputsOf(writeOnnx(model));
    expect(Object.keys(outputs).sort()).toEqual(['logits', 'stage.0', 'stage.1', 'stage.2', 'stage.3']);
    expect(outputs['stage.1']!.dims).toEqual([1, 16, 9, 13]);
  });

  it('stored in float16 are near the same', async () => {
    const half = await logitsAs(student, { backend: 'wasm', storage: 'float16' });
    expect(half.every((value) => Number.isFinite(value))).toBe(true);
    const bytes = writeOnnx(emitSegformer(student, { backend: 'wasm', storage: 'float16' })).length;
    expect(bytes).toBeLessThan(0.8 * writeOnnx(emitSegformer(student, { backend: 'wasm' })).length);
  });
});

describe.each([
  ['a plain model', null],
  ['a student', { form: 'throughLayer', keepRatio: 0.6 }],
] as const)('%s with weights in 8 bits', (_, gates) => {
  const graph = preparedForLight(randomSegformer(11, gates));
  const light = withInt8(graph, new Set(lightLayers(graph).map(({ name }) => name)));
  const opsOf = (model: OnnxModel) => new Set(model.proto.graph!.node.map(({ opType }) => opType));

  it('is multiplied in integers on WASM, near what floats give', async () => {
    const floats = await logitsAs(light, { backend: 'wasm', rewrites: { int8Products: false } });
    const model = emitSegformer(light, { backend: 'wasm' });
    expect(opsOf(model)).toContain('DynamicQuantizeMatMul');
    const integers = await logitsOf(model);
    const span = Math.max(...floats) - Math.min(...floats);
    expect(largestDifference(integers, floats)).toBeLessThan(0.03 * span);
    expect(largestDifference(integers, floats)).toBeGreaterThan(0);
  });

  it('stays in floats on WebGPU', () => {
    const model = emitSegformer(light, { backend: 'webgpu' });
    for (const op of ['DynamicQuantizeMatMul', 'MatMulInteger', 'DequantizeLinear']) {
      expect(opsOf(model)).not.toContain(op);
    }
  });

  it('stored in 8 bits is read again, marks and all', async () => {
    const stored = emitSegformer(light, { backend: 'webgpu', storage: 'int8', rewrites: { mergeProjections: false } }); // prettier-ignore
    expect(opsOf(stored)).toContain('DequantizeLinear');
    const again = recognised(readOnnx(writeOnnx(stored), 'light'));
    expect(int8Layers(again)).toEqual(int8Layers(light));
    const floats = await logitsOf(stored);
    expect(largestDifference(await logitsAs(again, { backend: 'webgpu' }), floats)).toBeLessThan(limit);
  });
});

it('a light student, retargeted, has the bytes of one that was written for that ratio', () => {
  const light = preparedForLight(randomSegformer(12, { form: 'throughLayer', keepRatio: 0.7 }));
  const marked = withInt8(light, new Set(lightLayers(light).map(({ name }) => name)));
  const model = emitSegformer(marked, { backend: 'wasm' });
  retargetKeepRatio(model, 0.3);
  const fewer = withGates(marked, (gate) => ({ ...gate, kept: Math.max(1, Math.round((0.3 * neuronsOf(gate)) / gate.groups)) })); // prettier-ignore
  expect(Buffer.compare(writeOnnx(model), writeOnnx(emitSegformer(fewer, { backend: 'wasm' })))).toBe(0);
});

function withGates(graph: SegformerGraph, change: (gate: Gate) => Gate): SegformerGraph {
  const changed = (gate: Gate | null) => gate && change(gate);
  return {
    ...graph,
    stages: graph.stages.map((stage) => ({
      ...stage,
      blocks: stage.blocks.map((block) => ({
        ...block,
        attention: {
          ...block.attention,
          qkGate: changed(block.attention.qkGate),
          vGate: changed(block.attention.vGate),
        },
        ffn: { ...block.ffn, gate: changed(block.ffn.gate) },
      })),
    })),
  };
}
