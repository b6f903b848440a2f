import { expect, test } from 'vitest';
import { buildModel, buildNode, buildValue, floatTensor, rawTensor } from '../onnx/buildModel.ts';
import { dataTypes } from '../onnx/dataType.ts';
import { modelFacts } from './modelFacts.ts';

const half = rawTensor('half', [2, 3, 1, 1], dataTypes.FLOAT16, new Uint8Array(12));

test('size, cost and opset of a graph of any size', () => {
  const model = buildModel({
    nodes: [buildNode('Conv', ['pixel_values', 'weight'], ['logits'])],
    initializers: [floatTensor('weight', [2, 3, 1, 1])],
    outputs: [buildValue('logits', [1, 2, 'height', 'width'])],
  });
  expect(modelFacts(model, { size: { shortest_edge: 10 } })).toMatchObject({
    size: { height: 10, width: 10, fixed: false },
    opset: 17,
    quantised: false,
    halfArithmetic: false,
    halfWeights: false,
    macs: 600,
    parameters: 6,
    gates: 0,
  });
});

test('halves that are only stored, and halves that are computed with', () => {
  const stored = buildModel({
    nodes: [
      buildNode('Cast', ['half'], ['weight'], { to: dataTypes.FLOAT }),
      buildNode('Conv', ['pixel_values', 'weight'], ['logits']),
    ],
    initializers: [half],
    outputs: [buildValue('logits', [1, 2, 'height', 'width'])],
  });
  expect(modelFacts(stored, { size: 8 })).toMatchObject({ halfWeights: true, halfArithmetic: false });
  const computed = buildModel({
    nodes: [
      buildNode('Cast', ['pixel_values'], ['halved'], { to: dataTypes.FLOAT16 }),
      buildNode('Conv', ['halved', 'half'], ['out']),
      buildNode('Cast', ['out'], ['logits'], { to: dataTypes.FLOAT }),
    ],
    initializers: [half],
    outputs: [buildValue('logits', [1, 2, 'height', 'width'])],
  });
  expect(modelFacts(computed, { size: 8 })).toMatchObject({ halfWeights: true, halfArithmetic: true });
});

test('a graph that asks for another size than it takes has no cost', () => {
  const model = buildModel({
    nodes: [buildNode('Reshape', ['pixel_values', 'shape'], ['logits'])],
    initializers: [rawTensor('shape', [1], dataTypes.INT64, new Uint8Array(new BigInt64Array([7n]).buffer))],
    outputs: [buildValue('logits', [7])],
  });
  expect(modelFacts(model, { size: 8 })).toMatchObject({ macs: null, parameters: null, gates: 0 });
});
