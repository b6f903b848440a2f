import { expect, test } from 'vitest';
import { modelInterfaceSchema } from '#core/models/modelMapping.ts';
import { answersOf, classNames, type DescribeDraft } from './describeDraft.ts';

const found = modelInterfaceSchema.parse({
  inputs: [
    { name: 'x', type: 'float32', shape: ['n', 3, 'h', 'w'], layout: 'NCHW' },
    { name: 'bytes', type: 'uint8', shape: ['n', 'h', 'w', 3], layout: 'NHWC' },
  ],
  outputs: [],
  mapping: null,
  guess: {
    input: { name: 'x', layout: 'NCHW', colours: 'rgb' },
    output: { name: 'y', layout: 'NCHW', meaning: 'logits' },
    classes: 2,
  },
  questions: [],
  fixedSize: null,
});
const draft: DescribeDraft = {
  input: 'x',
  inputLayout: 'NCHW',
  colours: 'bgr',
  range: 'bytes',
  mean: '104, 117, 123',
  std: '1 1 1',
  height: '512',
  width: '1024',
  output: 'y',
  outputLayout: 'NCHW',
  meaning: 'logits',
  classes: 'Sky\n Road \n\n',
};

test('the form as answers', () => {
  expect(answersOf(draft, found)).toEqual({
    version: 1,
    input: {
      name: 'x',
      layout: 'NCHW',
      colours: 'bgr',
      range: 'bytes',
      mean: [104, 117, 123],
      std: [1, 1, 1],
      size: { height: 512, width: 1024 },
    },
    output: { name: 'y', layout: 'NCHW', meaning: 'logits' },
    classes: ['Sky', 'Road'],
  });
  expect(answersOf({ ...draft, input: 'bytes', height: '', width: '' }, found).input).toEqual({
    name: 'bytes',
    layout: 'NCHW',
    colours: 'bgr',
  });
});

test('class names from a list, an id2label, a text', () => {
  expect(classNames('["Sky", "Road"]')).toEqual(['Sky', 'Road']);
  expect(classNames('{"model_type": "x", "id2label": {"1": "Road", "0": "Sky"}}')).toEqual(['Sky', 'Road']);
  expect(classNames('Sky\r\n[other]\r\n')).toEqual(['Sky', '[other]']);
});

test.each([
  [{ mean: '0.5 0.5' }, 'the mean "0.5 0.5" is not three numbers'],
  [{ height: '12.5' }, 'the height "12.5" is not a whole number from 1 to 16384'],
  [{ classes: ' \n' }, 'no class has a name'],
])('%o is refused', (change, message) => {
  expect(() => answersOf({ ...draft, ...change }, found)).toThrow(message);
});
