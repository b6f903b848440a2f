import { describe, expect, it } from 'vitest';
import { buildModel, buildNode, buildValue, floatTensor, intTensor, rawTensor } from './buildModel.ts';
import { countMacs } from './countMacs.ts';
import { dataTypes } from './dataType.ts';

const size = { height: 64, width: 96 };
const int8Tensor = (name: string, dims: number[], count: number) =>
  rawTensor(name, dims, dataTypes.INT8, new Uint8Array(count));

describe('countMacs', () => {
  it('counts products, attention’s among them, and the weights they use', () => {
    const model = buildModel({
      nodes: [
        buildNode('Conv', ['pixel_values', 'patch', 'patch.bias'], ['patches'], { strides: [4, 4] }),
        buildNode('Reshape', ['patches', 'flat'], ['rows']),
        buildNode('Transpose', ['rows'], ['tokens'], { perm: [0, 2, 1] }),
        buildNode('LayerNormalization', ['tokens', 'norm', 'norm.bias'], ['normed']),
        buildNode('MatMul', ['normed', 'query'], ['q']),
        buildNode('MatMul', ['q', 'rows'], ['scores']),
        buildNode('Softmax', ['scores'], ['weights']),
        buildNode('MatMul', ['weights', 'tokens'], ['y']),
      ],
      initializers: [
        floatTensor('patch', [8, 3, 4, 4]),
        floatTensor('patch.bias', [8]),
        intTensor('flat', [0, 0, -1]),
        floatTensor('norm', [8]),
        floatTensor('norm.bias', [8]),
        floatTensor('query', [8, 8]),
        floatTensor('unused', [1000]),
      ],
    });
    const tokens = 16 * 24;
    expect(countMacs(model, size)).toEqual({
      gmacs: (tokens * 8 * 48 + tokens * 64 + 2 * tokens * tokens * 8) / 1e9,
      macs: tokens * 8 * 48 + tokens * 64 + 2 * tokens * tokens * 8,
      params: 8 * 48 + 8 + 16 + 64,
      layers: [
        { name: 'Conv_patches', op: 'Conv', macs: tokens * 8 * 48, params: 392, outputShape: [1, 8, 16, 24] },
        {
          name: 'LayerNormalization_normed',
          op: 'LayerNormalization',
          macs: 0,
          params: 16,
          outputShape: [1, tokens, 8],
        },
        { name: 'MatMul_q', op: 'MatMul', macs: tokens * 64, params: 64, outputShape: [1, tokens, 8] },
        {
          name: 'MatMul_scores',
          op: 'MatMul',
          macs: tokens * tokens * 8,
          params: 0,
          outputShape: [1, tokens, tokens],
        },
        { name: 'MatMul_y', op: 'MatMul', macs: tokens * tokens * 8, params: 0, outputShape: [1, tokens, 8] },
      ],
      uncounted: [],
    });
  });

  it('counts only the rows that a student keeps', () => {
    // Mix-FFN of 8 of 32 neurons, chosen by the picture: MatMul, depthwise Conv, MatMul with gathered weights.
    const model = buildModel({
      nodes: [
        buildNode('GlobalAveragePool', ['x'], ['pooled']),
        buildNode('Flatten', ['pooled'], ['summary']),
        buildNode('Gemm', ['summary', 'gate'], ['logits']),
        buildNode('TopK', ['logits', 'k'], ['', 'kept2d'], { sorted: 0 }),
        buildNode('Reshape', ['kept2d', 'flat'], ['kept']),
        buildNode('Gather', ['fc1', 'kept'], ['fc1Kept']),
        buildNode('Gather', ['dw', 'kept'], ['dwKept']),
        buildNode('Gather', ['fc2', 'kept'], ['fc2Kept'], { axis: 1 }),
        buildNode('Reshape', ['x', 'matrix'], ['tokens']),
        buildNode('MatMul', ['fc1Kept', 'tokens'], ['hidden']),
        buildNode('Reshape', ['hidden', 'image'], ['picture']),
        buildNode('Conv', ['picture', 'dwKept'], ['mixed'], { group: 8, pads: [1, 1, 1, 1] }),
        buildNode('Reshape', ['mixed', 'rows'], ['mixedRows']),
        buildNode('MatMul', ['fc2Kept', 'mixedRows'], ['y']),
      ],
      inputs: [buildValue('x', [1, 4, 'h', 'w'])],
      initializers: [
        floatTensor('gate', [4, 32]),
        intTensor('k', [8]),
        intTensor('flat', [-1]),
        floatTensor('fc1', [32, 4]),
        floatTensor('dw', [32, 1, 3, 3]),
        floatTensor('fc2', [4, 32]),
        intTensor('matrix', [4, -1]),
        intTensor('image', [1, 8, 16, 24]),
        intTensor('rows', [8, -1]),
      ],
    });
    const tokens = 16 * 24;
    const { macs, params, layers, uncounted } = countMacs(model, { height: 16, width: 24 });
    expect(macs).toBe(4 * 32 + tokens * 8 * (4 + 9 + 4));
    expect(layers.map(({ op, macs }) => [op, macs])).toEqual([
      ['Gemm', 4 * 32],
      ['MatMul', 8 * 4 * tokens],
      ['Conv', 8 * 9 * tokens],
      ['MatMul', 4 * 8 * tokens],
    ]);
    // All neurons are in the file, whichever are kept.
    expect(params).toBe(4 * 32 + 32 * 4 + 32 * 9 + 4 * 32);
    expect(uncounted).toEqual([]);
  });

  it('counts shared weights once, at their first user, through casts and reshapes', () => {
    const model = buildModel({
      nodes: [
        buildNode('Cast', ['half'], ['w'], { to: dataTypes.FLOAT }),
        buildNode('Transpose', ['w'], ['wT']),
        buildNode('MatMul', ['x', 'w'], ['a']),
        buildNode('MatMul', ['a', 'wT'], ['y']),
      ],
      inputs: [buildValue('x', [1, 1, 'n', 6])],
      initializers: [rawTensor('half', [6, 5], dataTypes.FLOAT16, new Uint8Array(60))],
    });
    const { layers } = countMacs(model, { height: 7, width: 6 });
    expect(layers.map(({ macs, params }) => [macs, params])).toEqual([
      [7 * 6 * 5, 30],
      [7 * 5 * 6, 0],
    ]);
  });

  it('counts quantised weights and their int32 bias, not scales, zero points or indices', () => {
    const model = buildModel({
      nodes: [
        buildNode('DequantizeLinear', ['w', 'scale', 'zero'], ['wf'], { axis: 0 }),
        buildNode('DequantizeLinear', ['b', 'scale'], ['bf'], { axis: 0 }),
        buildNode('Conv', ['pixel_values', 'wf', 'bf'], ['y']),
        buildNode('Gather', ['y', 'indices'], ['z'], { axis: 1 }),
        buildNode('BatchNormalization', ['z', 'gamma', 'beta', 'mean', 'var'], ['n']),
      ],
      initializers: [
        int8Tensor('w', [4, 3, 1, 1], 12),
        floatTensor('scale', [4]),
        int8Tensor('zero', [4], 4),
        rawTensor('b', [4], dataTypes.INT32, new Uint8Array(16)),
        rawTensor('indices', [2], dataTypes.INT32, new Uint8Array(8)),
        ...['gamma', 'beta', 'mean', 'var'].map((name) => floatTensor(name, [2])),
      ],
    });
    const { params, layers } = countMacs(model, size);
    expect(layers.map((layer) => [layer.op, layer.params])).toEqual([
      ['Conv', 16],
      ['BatchNormalization', 4],
    ]);
    expect(params).toBe(20);
  });

  it('says what it could not count', () => {
    const model = buildModel({
      nodes: [
        buildNode('com.example::Magic', ['pixel_values', 'spell'], ['a']),
        buildNode('MatMul', ['a', 'w'], ['y']),
        buildNode('MatMul', ['pixel_values', 'w'], ['z']),
      ],
      initializers: [floatTensor('w', [96, 2]), floatTensor('spell', [7])],
    });
    const { macs, params, uncounted } = countMacs(model, size);
    expect(macs).toBe(3 * 64 * 96 * 2);
    expect(params).toBe(96 * 2 + 7);
    expect(uncounted).toEqual(['com.example::Magic', 'MatMul "MatMul_y": its shape is not known']);
  });
});
