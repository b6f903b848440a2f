import { env, InferenceSession, Tensor } from 'onnxruntime-web/wasm';
import { serveInference } from './serveInference.ts';

serveInference({
  provider: 'wasm',
  runtime: { InferenceSession, Tensor },
  setUp({ runtimeUrl, threads }) {
    env.wasm.wasmPaths = runtimeUrl;
    env.wasm.numThreads = threads;
    env.logLevel = 'error';
  },
});
