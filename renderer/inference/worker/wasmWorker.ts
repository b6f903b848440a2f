import { env, InferenceSession, Tensor } from 'onnxruntime-web/wasm';
import { Engine } from '#core/engine/engine.ts';
import { KERNELS_IN_USE } from '#core/engine/kernelsInUse.ts';
import { serveInference } from './serveInference.ts';

let engine: Engine | null | undefined;

serveInference({
  provider: 'wasm',
  runtime: { InferenceSession, Tensor },
  setUp({ runtimeUrl, threads }) {
    env.wasm.wasmPaths = runtimeUrl;
    env.wasm.numThreads = threads;
    env.logLevel = 'error';
  },
  engine() {
    if (!KERNELS_IN_USE) return null;
    engine ??= Engine.create(env.wasm.numThreads ?? 1, (thread) => {
      new Worker(new URL('./engineThread.ts', import.meta.url), { type: 'module' }).postMessage(thread);
    });
    return engine;
  },
});
