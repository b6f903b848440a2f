import { expect, it } from 'vitest';
import { cutNeurons } from './cutNeurons.ts';
import { gatesOf, keptCount } from './segformerGraph.ts';
import { randomSegformer } from './testing/randomSegformer.ts';

const graph = randomSegformer(5, { form: 'throughLayer', keepRatio: 0.5 });

it('takes the rows and columns of the neurons that go, and leaves the model that it was given', () => {
  const cut = cutNeurons(graph, new Map([['gate.0.0.ffn', [3, 1]]]));
  const [ffn, whole] = [cut.stages[0]!.blocks[0]!.ffn, graph.stages[0]!.blocks[0]!.ffn];
  expect(ffn.fc1.weight.dims).toEqual([2, 8]);
  expect(ffn.fc1.weight.data).toEqual(
    whole.fc1.weight.data.slice(8, 16 + 16).filter((_, i) => i < 8 || i >= 16),
  );
  expect(ffn.depthwise.weight.dims).toEqual([2, 1, 3, 3]);
  expect(ffn.fc2.weight.dims).toEqual([8, 2]);
  expect(ffn.fc2.weight.data[0]).toBe(whole.fc2.weight.data[1]);
  expect(ffn.gate).toMatchObject({ kept: 2, throughLayer: false });
  expect(whole.fc1.weight.dims).toEqual([32, 8]);
  expect(gatesOf(cut)).toHaveLength(gatesOf(graph).length);
});

it.each([
  [new Map([['gate.9.0.qk', [0]]]), 'the model has no layer gate.9.0.qk'],
  [new Map([['gate.0.0.ffn', [32]]]), 'gate.0.0.ffn has no neuron 32'],
  [new Map([['gate.0.0.ffn', []]]), 'gate.0.0.ffn would have no neuron left'],
  [new Map([['gate.1.0.v', [0, 1, 8]]]), 'gate.1.0.v would keep 2, 1 neurons in its heads'],
])('refuses %j', (kept, message) => {
  expect(() => cutNeurons(graph, kept)).toThrow(message);
});

it('keeps at least one neuron, rounding half up', () => {
  expect([keptCount(10, 0.05), keptCount(10, 0.04), keptCount(7, 0.5), keptCount(8, 1)]).toEqual([
    1, 1, 4, 8,
  ]);
});
