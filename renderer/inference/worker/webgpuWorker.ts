import { env, InferenceSession, Tensor } from 'onnxruntime-web/webgpu';
import { onDeviceCreated, supportOldWebGpu } from './oldWebGpu.ts';
import { serveInference } from './serveInference.ts';

supportOldWebGpu(self as object);

/** A device that is lost (driver reset, sleep) fails nothing by itself: runs on it would just never end. */
function endWithDevice(device: unknown): void {
  const { lost } = device as { lost?: Promise<{ message: string; reason?: string }> };
  void lost?.then(({ message, reason }) => {
    if (reason === 'destroyed') return;
    setTimeout(() => {
      throw new Error(`the graphics device was lost: ${message}`);
    });
  });
}

onDeviceCreated(self as object, endWithDevice);

serveInference({
  provider: 'webgpu',
  runtime: { InferenceSession, Tensor },
  setUp({ runtimeUrl, threads }) {
    env.wasm.wasmPaths = runtimeUrl;
    env.wasm.numThreads = threads;
    env.logLevel = 'error';
  },
});
