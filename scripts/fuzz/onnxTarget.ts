import { graphSeed } from '#core/fuzz/graphSeed.ts';
import { mutateBytes } from '#core/fuzz/mutateBytes.ts';
import { mutateProtobuf } from '#core/fuzz/mutateProtobuf.ts';
import { checkOperators } from '#core/models/checkOperators.ts';
import { findInterface } from '#core/models/findInterface.ts';
import { metadataNames } from '#core/models/metadataNames.ts';
import { NO_ANSWERS } from '#core/models/modelMapping.ts';
import { makeRunForm } from '#core/models/runForm.ts';
import { readOnnx } from '#core/onnx/readOnnx.ts';
import { summariseOnnx } from '#core/onnx/summary.ts';
import { tinyOnnx } from '../../main/node/testing/modelFolder.ts';
import { Attempts } from './attempts.ts';
import type { FuzzTarget } from './fuzzKind.ts';

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
