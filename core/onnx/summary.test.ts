import { describe, expect, it } from 'vitest';
import { buildModel, buildNode, buildValue, floatTensor, intTensor, rawTensor } from './buildModel.ts';
import { dataTypes } from './dataType.ts';
import { inferShapes } from './shapes.ts';
import { summariseOnnx } from './summary.ts';

const student = buildModel({
  nodes: [
    buildNode('GlobalAveragePool', ['pixel_values'], ['pooled']),
    buildNode('Flatten', ['pooled'], ['summary']),
    buildNode('Gemm', ['summary', 'w1'], ['logits1']),
    buildNode('TopK', ['logits1', 'k'], ['', 'indices1']),
    buildNode('Reshape', ['indices1', 'flat'], ['gate.0']),
    buildNode('Gemm', ['summary', 'w2'], ['logits2']),
    buildNode('TopK', ['logits2', 'k'], ['', 'indices2']),
  ],
  outputs: [buildValue('gate.0', [5], dataTypes.INT64)],
  initializers: [
    floatTensor('w1', [3, 8]),
    floatTensor('w2', [3, 16]),
    intTensor('k', [5]),
    intTensor('flat', [-1]),
  ],
});

describe('summariseOnnx', () => {
  it('describes a file', () => {
    const summary = summariseOnnx(student);
    expect(summary).toMatchObject({
      irVersion: 8,
      opset: 17,
      producer: 'dynaseg',
      customDomains: [],
      inputs: [{ name: 'pixel_values', type: 'float32', shape: [1, 3, 'height', 'width'] }],
      outputs: [{ name: 'gate.0', type: 'int64', shape: [5] }],
      quantised: false,
    });
    expect(summary.operators).toEqual([
      { op: 'Gemm', count: 2 },
      { op: 'TopK', count: 2 },
      { op: 'Flatten', count: 1 },
      { op: 'GlobalAveragePool', count: 1 },
      { op: 'Reshape', count: 1 },
    ]);
  });

  it('finds gates, and with shapes how many neurons they keep', () => {
    expect(summariseOnnx(student, inferShapes(student, { height: 8, width: 8 })).gates).toEqual([
      { name: 'gate.0', kept: 5, neurons: 8, exposed: true },
      { name: 'indices2', kept: 5, neurons: 16, exposed: false },
    ]);
    expect(summariseOnnx(student).gates[1]).toEqual({
      name: 'indices2',
      kept: undefined,
      neurons: undefined,
      exposed: false,
    });
  });

  it('adds up the heads of a gate and follows its indices to the output', () => {
    const heads = buildModel({
      nodes: [
        buildNode('TopK', ['pixel_values', 'k'], ['', 'top']),
        buildNode('Add', ['top', 'first'], ['absolute']),
        buildNode('Reshape', ['absolute', 'flat'], ['gate.qk']),
      ],
      inputs: [buildValue('pixel_values', [1, 2, 1, 32])],
      outputs: [buildValue('gate.qk', [], dataTypes.INT64)],
      initializers: [intTensor('k', [22]), intTensor('first', [0, 32]), intTensor('flat', [-1])],
    });
    heads.proto.graph!.initializer[1]!.dims = [2n, 1n, 1n];
    expect(summariseOnnx(heads, inferShapes(heads, { height: 1, width: 32 })).gates).toEqual([
      { name: 'gate.qk', kept: 44, neurons: 64, exposed: true },
    ]);
  });

  it('tells quantised models by their operators or their weights', () => {
    const dynamic = buildModel({ nodes: [buildNode('MatMulInteger', ['pixel_values', 'w'], ['y'])] });
    expect(summariseOnnx(dynamic).quantised).toBe(true);
    const weights = rawTensor('w', [2, 2], dataTypes.INT8, new Uint8Array(4));
    expect(summariseOnnx(buildModel({ nodes: [], initializers: [weights] })).quantised).toBe(true);
  });
});
