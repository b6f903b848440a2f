import { env, InferenceSession, Tensor } from 'onnxruntime-web/webgpu';
import { supportOldWebGpu } from './oldWebGpu.ts';
import { serveInference } from './serveInference.ts';

supportOldWebGpu(self as object);

serveInference({
  provider: 'webgpu',
  runtime: { InferenceSession, Tensor },
  setUp({ runtimeUrl, threads }) {
    env.wasm.wasmPaths = runtimeUrl;
    env.wasm.numThreads = threads;
    env.logLevel = 'error';
  },
});
