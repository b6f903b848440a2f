import { availableParallelism } from 'node:os';
import * as ort from 'onnxruntime-web';
import { partSessionOf, type OpenSession } from '#core/prune/partSession.ts';

/** Sessions of onnxruntime-web in this process. `threads`: of the first session, for the whole process. */
export function openPartSession(threads?: number): OpenSession {
  return async (onnx) => {
    ort.env.wasm.numThreads ??= threads ?? Math.min(8, availableParallelism());
    const session = await ort.InferenceSession.create(onnx, { executionProviders: ['wasm'] });
    return partSessionOf(session, ({ data, dims }) =>
      data instanceof Float32Array
        ? new ort.Tensor('float32', data, dims)
        : new ort.Tensor('int64', data, dims),
    );
  };
}
