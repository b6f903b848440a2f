import { env, InferenceSession, Tensor } from 'onnxruntime-web/webgpu';
import { serveInference } from './serveInference.ts';

serveInference({
  provider: 'webgpu',
  runtime: { InferenceSession, Tensor },
  setUp({ runtimeUrl, threads }) {
    env.wasm.wasmPaths = runtimeUrl;
    env.wasm.numThreads = threads;
    env.logLevel = 'error';
  },
});
