import { buildNode, buildOnnxBytes, buildValue, floatTensor, intTensor } from '../onnx/buildModel.ts';
import { dataTypes } from '../onnx/dataType.ts';

/** An ONNX file to be damaged, bytes in, class map out: every kind of part that the readers follow but functions. */
export function graphSeed(): Uint8Array {
  return buildOnnxBytes({
    inputs: [buildValue('image', [1, 'h', 'w', 3], dataTypes.UINT8)],
    nodes: [
      buildNode('Cast', ['image'], ['floats'], { to: dataTypes.FLOAT }),
      buildNode('Transpose', ['floats'], ['chw'], { perm: [0, 3, 1, 2] }),
      buildNode('Conv', ['chw', 'weight'], ['maps'], { strides: [2, 2], pads: [1, 1, 1, 1] }),
      buildNode('Shape', ['maps'], ['shape']),
      buildNode('Slice', ['shape', 'zero', 'two'], ['head']),
      buildNode('Concat', ['head', 'sizes'], ['target'], { axis: 0 }),
      buildNode('Resize', ['maps', '', '', 'target'], ['large'], { mode: 'linear' }),
      buildNode('Reshape', ['large', 'flat'], ['rows']),
      buildNode('ArgMax', ['large'], ['ids'], { axis: 1, keepdims: 0 }),
    ],
    initializers: [
      floatTensor('weight', [4, 3, 3, 3]),
      intTensor('zero', [0]),
      intTensor('two', [2]),
      intTensor('sizes', [64, 96]),
      intTensor('flat', [0, 4, -1]),
    ],
    outputs: [buildValue('ids', [1, 'h2', 'w2'], dataTypes.INT64), buildValue('rows', [1, 4, 'n'])],
  });
}
