import { expect, it } from 'vitest';
import { buildModel, buildNode, buildValue, floatTensor, rawTensor } from '../buildModel.ts';
import { dataTypes } from '../dataType.ts';
import { emitSegformer, noRewrites } from './emitSegformer.ts';
import { recogniseSegformer } from './recogniseSegformer.ts';
import { gatesOf } from './segformerGraph.ts';
import type { SegformerGraph } from './segformerGraph.ts';
import { randomSegformer } from './testing/randomSegformer.ts';

const graph = randomSegformer(3);
const written = () => emitSegformer(graph, { backend: 'webgpu', rewrites: { mergeProjections: false } });

function found(model: ReturnType<typeof written>): SegformerGraph {
  const recognition = recogniseSegformer(model);
  if (!recognition.recognised) throw new Error(recognition.found);
  return recognition.graph;
}

it('reads every weight back, whatever operators the layers were written with', () => {
  for (const rewrites of [
    noRewrites,
    { ...noRewrites, layerNormOp: true },
    { ...noRewrites, gemm: true, foldScale: true },
  ]) {
    const again = found(emitSegformer(graph, { backend: 'wasm', rewrites }));
    const [block, other] = [graph.stages[1]!.blocks[1]!, again.stages[1]!.blocks[1]!];
    expect(other.attention.query).toEqual(block.attention.query);
    expect(other.attention.value).toEqual(block.attention.value);
    expect(other.attention.reduction).toEqual(block.attention.reduction);
    expect(other.attention.scale).toBeCloseTo(block.attention.scale, 6);
    expect(other.ffn).toEqual(block.ffn);
    expect(other.norm1.scale).toEqual(block.norm1.scale);
    expect(other.norm1.epsilon).toBe(block.norm1.epsilon);
    expect(again.stages[3]!.embedding.conv).toEqual(graph.stages[3]!.embedding.conv);
  }
});

it('reads the unfolded head with its BatchNorm, part by part', () => {
  const { head } = found(emitSegformer(graph, { backend: 'wasm', rewrites: noRewrites }));
  expect(head).toEqual(graph.head);
});

it('reads gates with their means', () => {
  const gated = randomSegformer(4, { form: 'direct', keepRatio: 0.5 });
  const [, , ffn] = gatesOf(gated);
  const [, , again] = gatesOf(found(emitSegformer(gated, { backend: 'webgpu' })));
  expect(again).toMatchObject({
    kind: 'ffn',
    kept: ffn!.kept,
    scales: false,
    throughLayer: false,
    layers: ffn!.layers,
  });
  expect(again!.means).toEqual(ffn!.means);
});

it('is blind to names', () => {
  const model = written();
  const names = new Map<string, string>();
  const other = (name: string) => {
    if (name === '' || name === 'pixel_values' || name === 'logits') return name;
    if (!names.has(name)) names.set(name, `t${names.size}`);
    return names.get(name)!;
  };
  for (const tensor of model.proto.graph!.initializer) tensor.name = other(tensor.name);
  for (const node of model.proto.graph!.node) {
    node.name = '';
    node.input = node.input.map(other);
    node.output = node.output.map(other);
  }
  expect(found(model).stages[2]!.blocks[0]!.ffn.fc1).toEqual(graph.stages[2]!.blocks[0]!.ffn.fc1);
});

it('says where a graph is something else', () => {
  const model = written();
  const gelu = model.proto.graph!.node.find((node) => node.name === 'stage.1.block.0.ffn.gelu')!;
  gelu.opType = 'Relu';
  expect(recogniseSegformer(model)).toEqual({
    recognised: false,
    where: 'stage 1, block 0, Mix-FFN',
    expected: 'a GELU before the last layer',
    found: 'a ReLU',
  });
  const other = written();
  other.proto.graph!.node.find((node) => node.opType === 'Softmax')!.opType = 'Hardmax';
  expect(recogniseSegformer(other)).toMatchObject({
    recognised: false,
    found: 'Hardmax "stage.0.block.0.attention.weights": not an operator of a SegFormer',
  });
});

it('does not take a residual around the wrong map', () => {
  const model = written();
  const sum = model.proto.graph!.node.find((node) => node.name === 'stage.0.block.0.out')!;
  sum.input[0] = 'stage.0.embedding.norm.out';
  expect(recogniseSegformer(model)).toMatchObject({ recognised: false, where: 'stage 0, block 0, Mix-FFN' });
});

it('leaves quantised models and other networks as they are', () => {
  const quantised = written();
  quantised.proto.graph!.initializer.push(rawTensor('q', [2, 2], dataTypes.INT8, new Uint8Array(4)));
  expect(recogniseSegformer(quantised)).toMatchObject({
    recognised: false,
    found: 'a quantised model, which is left as it is',
  });
  const other = buildModel({
    nodes: [buildNode('Conv', ['pixel_values', 'w'], ['logits'])],
    outputs: [buildValue('logits', [1, 4, 'h', 'w'])],
    initializers: [floatTensor('w', [4, 3, 1, 1])],
  });
  expect(recogniseSegformer(other)).toMatchObject({
    recognised: false,
    where: 'head',
    expected: 'a ReLU before the classifier',
    found: 'the picture',
  });
});
