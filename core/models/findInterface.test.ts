import { expect, test } from 'vitest';
import {
  buildModel,
  buildNode,
  buildValue,
  floatTensor,
  intTensor,
  type ModelParts,
} from '../onnx/buildModel.ts';
import { dataTypes } from '../onnx/dataType.ts';
import { findInterface } from './findInterface.ts';
import { NO_ANSWERS, type ModelAnswers } from './modelMapping.ts';

const { FLOAT16, UINT8, INT64, FLOAT } = dataTypes;
const weight = floatTensor('weight', [5, 3, 1, 1]);

const find = (parts: ModelParts, answers: Partial<ModelAnswers> = {}, names: number | null = null) =>
  findInterface(buildModel(parts), { answers: { ...NO_ANSWERS, ...answers }, names });

/** A convolution from `image` [.., 3 channels] to `scores`. */
const conv = (over: Partial<ModelParts> = {}): ModelParts => ({
  inputs: [buildValue('image', ['n', 3, 'h', 'w'])],
  nodes: [buildNode('Conv', ['image', 'weight'], ['scores'])],
  outputs: [buildValue('scores', ['n', 5, 'h2', 'w2'])],
  initializers: [weight],
  ...over,
});

test('channels first in and out, of any names', () => {
  expect(find(conv()).mapping).toEqual({
    input: { name: 'image', layout: 'NCHW', colours: 'rgb' },
    output: { name: 'scores', layout: 'NCHW', meaning: 'logits' },
    classes: 5,
  });
});

test('bytes with channels last in, a class map out', () => {
  const found = find({
    inputs: [buildValue('image', [1, 64, 96, 3], UINT8)],
    nodes: [
      buildNode('Cast', ['image'], ['floats'], { to: FLOAT }),
      buildNode('Transpose', ['floats'], ['chw'], { perm: [0, 3, 1, 2] }),
      buildNode('Conv', ['chw', 'weight'], ['scores']),
      buildNode('ArgMax', ['scores'], ['ids'], { axis: 1, keepdims: 0 }),
    ],
    outputs: [buildValue('ids', [1, 64, 96], INT64)],
    initializers: [weight],
  });
  expect(found.mapping).toEqual({
    input: { name: 'image', layout: 'NHWC', colours: 'rgb' },
    output: { name: 'ids', layout: 'NHW', meaning: 'classMap' },
    classes: 5,
  });
  expect(found.fixedSize).toEqual({ height: 64, width: 96 });
});

test('an ArgMax that is cast to floats and keeps its axis is a class map all the same', () => {
  const { mapping } = find(
    conv({
      nodes: [
        buildNode('Conv', ['image', 'weight'], ['scores']),
        buildNode('ArgMax', ['scores'], ['ids'], { axis: 1 }),
        buildNode('Cast', ['ids'], ['floats'], { to: FLOAT }),
      ],
      outputs: [buildValue('floats', ['n', 1, 'h', 'w'])],
    }),
  );
  expect(mapping).toMatchObject({ output: { layout: 'NCHW', meaning: 'classMap' }, classes: 5 });
});

test('where every size of the input is open, what takes it tells its order', () => {
  const open = [buildValue('image', ['a', 'b', 'c', 'd'])];
  expect(find(conv({ inputs: open })).mapping?.input.layout).toBe('NCHW');
  const last = find(
    conv({
      inputs: open,
      nodes: [
        buildNode('Transpose', ['image'], ['chw'], { perm: [0, 3, 1, 2] }),
        buildNode('Conv', ['chw', 'weight'], ['scores']),
      ],
    }),
  );
  expect(last.mapping?.input.layout).toBe('NHWC');
});

test('softmax over channels last: probabilities', () => {
  const { mapping } = find(
    conv({
      nodes: [
        buildNode('Conv', ['image', 'weight'], ['scores']),
        buildNode('Transpose', ['scores'], ['hwc'], { perm: [0, 2, 3, 1] }),
        buildNode('Softmax', ['hwc'], ['p'], { axis: 3 }),
      ],
      outputs: [buildValue('p', [])],
    }),
  );
  expect(mapping?.output).toEqual({ name: 'p', layout: 'NHWC', meaning: 'probabilities' });
});

test('of several outputs the one with as many classes as there are names', () => {
  const parts = conv({
    nodes: [
      buildNode('Conv', ['image', 'other'], ['aux']),
      buildNode('Conv', ['image', 'weight'], ['main']),
      buildNode('GlobalAveragePool', ['main'], ['mean']),
    ],
    outputs: ['mean', 'aux', 'main'].map((name) => buildValue(name, ['n', 'c', 'h', 'w'])),
    initializers: [weight, floatTensor('other', [7, 3, 1, 1])],
  });
  expect(find(parts, {}, 5).mapping?.output.name).toBe('main');
  expect(find(parts, {}, 7).mapping?.output.name).toBe('aux');
  expect(find(parts, { output: { name: 'main' } }, 7).mapping).toMatchObject({
    output: { name: 'main' },
    classes: 5,
  });
  expect(find(parts).outputs.map(({ name }) => name)).toEqual(['aux', 'main']);
});

test('one number of each place: what it means has to be asked', () => {
  const found = find(conv({ initializers: [floatTensor('weight', [1, 3, 1, 1])] }));
  expect(found).toMatchObject({ mapping: null, questions: ['outputMeaning', 'classCount'] });
  const binary = find(conv({ initializers: [floatTensor('weight', [1, 3, 1, 1])] }), {
    output: { meaning: 'binaryLogit' },
  });
  expect(binary.mapping).toMatchObject({ output: { meaning: 'binaryLogit' }, classes: 2 });
});

test.each([
  [
    conv({ inputs: [buildValue('tokens', [1, 128], INT64)] }),
    'model.onnx: no input takes a picture. Its inputs: tokens int64 [1, 128]. A picture is a tensor of three or four dimensions, three of them height, width and 3 colours',
  ],
  [
    conv({ inputs: [buildValue('image', [1, 3, 'h', 'w']), buildValue('scale', [1])] }),
    'model.onnx: beside the picture "image" it wants scale float32 [1]. Export it with one input: the picture',
  ],
  [
    conv({ inputs: [buildValue('image', [8, 3, 'h', 'w'])] }),
    'model.onnx: it takes 8 pictures at once. Export it with a batch of 1, or of any size',
  ],
  [
    conv({ inputs: [buildValue('image', [1, 4, 'h', 'w'], FLOAT16)] }),
    'model.onnx: its input image float16 [1, 4, h, w] has 4 channels as NCHW, not the 3 of a colour picture. Choose another layout where that is not the axis of channels; pictures of other channels are not supported',
  ],
  [
    conv({
      nodes: [
        buildNode('Conv', ['image', 'weight'], ['c']),
        buildNode('GlobalAveragePool', ['c'], ['scores']),
      ],
    }),
    'model.onnx: no output says something of every place of a picture. Its outputs: scores float32 [n, 5, h2, w2]. Open a model for semantic segmentation: its output is a class map, or logits [1, classes, h, w]',
  ],
  [
    conv({
      nodes: [
        buildNode('Conv', ['image', 'weight'], ['scores']),
        buildNode('ArgMax', ['scores'], ['ids'], { axis: 1, keepdims: 0 }),
      ],
      initializers: [{ ...weight, dims: [2n ** 31n, 3n, 1n, 1n] }],
      inputs: [buildValue('image', [1, 3, 64, 64])],
      outputs: [buildValue('ids', [1, 64, 64], INT64)],
    }),
    'model.onnx: its output ids tells 2147483648 classes apart; 1 to 65535 can be used. Open a model for semantic segmentation',
  ],
])('says what is no segmentation model', (parts, message) => {
  expect(() => find(parts)).toThrow(message);
});

test('an answer that names nothing is named', () => {
  expect(() => find(conv(), { output: { name: 'mask' } })).toThrow(
    'it has no output "mask" that says something of every place of a picture. Its outputs: scores float32 [n, 5, h2, w2]',
  );
});

test('any size in, one size out: the input size is the one that leads there', () => {
  const shape = (values: readonly number[]) => intTensor('shape', values);
  // A Reshape to constants fits one input size alone.
  const reshaped = find(
    conv({
      nodes: [
        buildNode('Conv', ['image', 'weight'], ['small'], { strides: [8, 8] }),
        buildNode('Reshape', ['small', 'shape'], ['scores']),
      ],
      initializers: [weight, shape([1, 5, 20, 30])],
      outputs: [buildValue('scores', [1, 5, 20, 30])],
    }),
  );
  expect(reshaped.fixedSize).toEqual({ height: 160, width: 240 });
  expect(reshaped.mapping?.output).toEqual({ name: 'scores', layout: 'NCHW', meaning: 'logits' });
  // A Resize to constants takes any: its proportions count.
  const resized = find(
    conv({
      nodes: [
        buildNode('Conv', ['image', 'weight'], ['small']),
        buildNode('Resize', ['small', '', '', 'shape'], ['scores'], { mode: 'linear' }),
      ],
      initializers: [weight, shape([1, 5, 32, 80])],
      outputs: [buildValue('scores', [1, 5, 32, 80])],
    }),
  );
  expect(resized.fixedSize).toEqual({ height: 128, width: 320 });
});
