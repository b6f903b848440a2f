import { availableParallelism } from 'node:os';
import * as ort from 'onnxruntime-web';
import type { OpenSession, PartTensor } from '#core/prune/partSession.ts';

/** Sessions of onnxruntime-web in this process. `threads`: of the first session, for the whole process. */
export function openPartSession(threads?: number): OpenSession {
  return async (onnx) => {
    ort.env.wasm.numThreads ??= threads ?? Math.min(8, availableParallelism());
    const session = await ort.InferenceSession.create(onnx, { executionProviders: ['wasm'] });
    return {
      async run(feeds) {
        const inputs = Object.fromEntries(
          Object.entries(feeds).map(([name, { data, dims }]) => [
            name,
            data instanceof Float32Array
              ? new ort.Tensor('float32', data, dims)
              : new ort.Tensor('int64', data, dims),
          ]),
        );
        const outputs = await session.run(inputs);
        const found: Record<string, PartTensor> = {};
        for (const [name, { data, dims }] of Object.entries(outputs)) {
          if (data instanceof Float32Array || data instanceof BigInt64Array) found[name] = { data, dims };
        }
        return found;
      },
      release: () => session.release(),
    };
  };
}
