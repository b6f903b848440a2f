import { expect, it } from 'vitest';
import { emitSegformer } from './segformer/emitSegformer.ts';
import { randomSegformer } from './segformer/testing/randomSegformer.ts';
import { exposeScores } from './exposeScores.ts';
import { findGates } from './findGates.ts';
import { gatedLayers } from './gatedLayers.ts';
import { overrideGates } from './overrideGates.ts';
import { readTensor } from './tensor.ts';

const student = () =>
  emitSegformer(randomSegformer(5, { form: 'throughLayer', keepRatio: 0.5 }), { backend: 'wasm' });

it('finds the gates in the order in which they run, with everything that is gathered by them', () => {
  const gates = findGates(student());
  expect(gates).toHaveLength(15);
  const [qk, v, ffn] = gates;
  expect([qk!.name, v!.name, ffn!.name]).toEqual(['gate.0.0.qk', 'gate.0.0.v', 'gate.0.0.ffn']);
  expect([ffn!.groups, ffn!.width, ffn!.kept]).toEqual([1, 32, 16]);
  expect(qk!.gathers.map(({ input }) => input[0])).toEqual([
    'stage.0.block.0.attention.query.weight',
    'stage.0.block.0.attention.query.bias',
    'stage.0.block.0.attention.key.weight',
  ]);
  expect(ffn!.convolutions.map(({ name }) => name)).toEqual(['stage.0.block.0.ffn.depthwise']);
  const second = gates.find(({ name }) => name === 'gate.1.0.v')!;
  expect([second.groups, second.width, second.gathers.length]).toEqual([2, 8, 3]);
});

it('describes the layers whose kept neurons are outputs', () => {
  const model = student();
  model.proto.graph!.output = model.proto.graph!.output.filter(({ name }) => name !== 'gate.0.0.qk');
  const layers = gatedLayers(model);
  expect(layers).toHaveLength(14);
  expect(layers[3]).toEqual({ name: 'gate.1.0.v', stage: 1, block: 0, kind: 'v', neurons: 16, groups: 2 });
  expect(gatedLayers(emitSegformer(randomSegformer(5), { backend: 'wasm' }))).toEqual([]);
});

it('counts the forced neurons in, group by group, and as many of the gate as it keeps itself', () => {
  const model = student();
  // Heads of 8: the first loses 2 of its 4 and gets 1, the second gets 3 that it had not.
  overrideGates(model, [
    { name: 'gate.1.0.v', on: [7, 9, 10, 15], off: [0, 1, 2], kept: [0, 1, 3, 4, 8, 11, 12, 13] },
    { name: 'gate.0.0.ffn', on: [31], off: [], kept: [0, 1, 2, 31] },
  ]);
  const gates = new Map(findGatesAgain(model).map((gate) => [gate.name, gate.kept]));
  expect([gates.get('gate.1.0.v'), gates.get('gate.0.0.ffn'), gates.get('gate.0.0.v')]).toEqual([7, 4, 4]);
  const mask = model.proto.graph!.initializer.find(({ name }) => name === 'gate.1.0.v.forced.mask14x1')!;
  expect([...readTensor(model, mask)!]).toEqual([1, 1, 1, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1]);
  // All of its neurons are used: nothing to leave out.
  expect(model.proto.graph!.initializer.some(({ name }) => name.startsWith('gate.0.0.ffn.forced.mask'))).toBe(
    false,
  );
});

/** Behind the sum with the constant, the scores are no longer those of a gate: read as numbers alone. */
function findGatesAgain(model: ReturnType<typeof student>) {
  return model.proto
    .graph!.initializer.filter(({ name }) => name.endsWith('.k'))
    .map((tensor) => ({ name: tensor.name.slice(0, -2), kept: readTensor(model, tensor)![0] }));
}

it('exposes the logits once', () => {
  const model = student();
  const before = model.proto.graph!.output.length;
  expect(exposeScores(model).get('gate.1.0.v')).toBe('gate.1.0.v.logits');
  exposeScores(model);
  expect(model.proto.graph!.output).toHaveLength(before + 15);
});

it.each([
  [
    { name: 'gate.9.0.v', on: [], off: [], kept: [] },
    'segformer: it has no gate gate.9.0.v. It has gate.0.0.qk',
  ],
  [
    { name: 'gate.0.0.ffn', on: [32], off: [], kept: [] },
    'segformer: gate.0.0.ffn has no neuron 32. Neurons',
  ],
])('refuses %j', (override, message) => {
  expect(() => overrideGates(student(), [override])).toThrow(message);
});
