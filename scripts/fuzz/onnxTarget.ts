import { mutateBytes } from '#core/fuzz/mutateBytes.ts';
import { mutateProtobuf } from '#core/fuzz/mutateProtobuf.ts';
import { checkOperators } from '#core/models/checkOperators.ts';
import { findInterface } from '#core/models/findInterface.ts';
import { metadataNames } from '#core/models/metadataNames.ts';
import { NO_ANSWERS } from '#core/models/modelMapping.ts';
import { makeRunForm } from '#core/models/runForm.ts';
import { buildNode, buildOnnxBytes, buildValue, floatTensor, intTensor } from '#core/onnx/buildModel.ts';
import { dataTypes } from '#core/onnx/dataType.ts';
import { readOnnx } from '#core/onnx/readOnnx.ts';
import { summariseOnnx } from '#core/onnx/summary.ts';
import { tinyOnnx } from '../../main/node/testing/modelFolder.ts';
import { Attempts } from './attempts.ts';
import type { FuzzTarget } from './fuzzKind.ts';

/** Bytes in, class map out: every kind of part that the readers follow. */
function graphSeed(): Uint8Array {
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

/** Reads, recognises, summarises and rewrites the graph, as adding a model does. Nothing of it is run. */
export function onnxTarget(): FuzzTarget {
  const seeds = [graphSeed(), tinyOnnx()];
  return {
    async run(random) {
      const seed = random.pick(seeds);
      const bytes = random.chance(70) ? mutateProtobuf(seed, random) : mutateBytes(seed, random);
      const attempts = new Attempts();
      await attempts.read(() => {
        const model = readOnnx(bytes, 'fuzzed.onnx');
        checkOperators(model);
        summariseOnnx(model);
        const names = metadataNames(model)?.length ?? null;
        const { mapping } = findInterface(model, { answers: NO_ANSWERS, names });
        makeRunForm(model, random.pick(['wasm', 'webgpu', 'plain'] as const), mapping);
      });
      return attempts.accepted;
    },
  };
}
