import {
  buildGraph,
  buildNode,
  buildOnnxBytes,
  buildValue,
  floatTensor,
  intTensor,
  rawTensor,
} from '#core/onnx/buildModel.ts';
import { dataTypes } from '#core/onnx/dataType.ts';

const { FLOAT, INT32, INT64, BOOL } = dataTypes;
const boolTrue = (name: string) => rawTensor(name, [], BOOL, Uint8Array.of(1));

/** Which of red, green and blue is the brightest: pixels in NHWC, a class map of int32 out. */
export function brightestChannel(): Uint8Array {
  return buildOnnxBytes({
    inputs: [buildValue('image', [1, 'h', 'w', 3])],
    nodes: [
      buildNode('ArgMax', ['image'], ['ids'], { axis: 3, keepdims: 0 }),
      buildNode('Cast', ['ids'], ['map'], { to: INT32 }),
    ],
    outputs: [buildValue('map', [1, 'h', 'w'], INT32)],
  });
}

/** Which of them is the darkest: pixels in NCHW, one logit per class out. */
export function darkestChannel(): Uint8Array {
  return buildOnnxBytes({
    inputs: [buildValue('x', ['n', 3, 'h', 'w'])],
    nodes: [buildNode('Neg', ['x'], ['scores'])],
    outputs: [buildValue('scores', ['n', 3, 'h', 'w'])],
  });
}

/** Two classes as transformers names them; a loop of 2^60 steps runs before the answer. */
export function endlessLoop(): Uint8Array {
  const body = buildGraph({
    inputs: [buildValue('step', [], INT64), buildValue('go', [], BOOL), buildValue('sum', [], FLOAT)],
    nodes: [buildNode('Identity', ['go'], ['still']), buildNode('Add', ['sum', 'one'], ['next'])],
    initializers: [floatTensor('one', [], [1])],
    outputs: [buildValue('still', [], BOOL), buildValue('next', [], FLOAT)],
  });
  return buildOnnxBytes({
    nodes: [
      buildNode('ReduceMean', ['pixel_values'], ['mean'], { keepdims: 0 }),
      buildNode('Loop', ['steps', 'true', 'mean'], ['total'], { body: { graph: body } }),
      buildNode('Conv', ['pixel_values', 'weight'], ['scores']),
      buildNode('Add', ['scores', 'total'], ['logits']),
    ],
    initializers: [
      intTensor('steps', 2 ** 60),
      boolTrue('true'),
      floatTensor('weight', [2, 3, 1, 1], [1, 0, 0, 0, 1, 0]),
    ],
    outputs: [buildValue('logits', [1, 2, 'height', 'width'])],
  });
}
