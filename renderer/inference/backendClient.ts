import type { RunBackend } from '../store/useResults.ts';
import { InferenceClient } from './inferenceClient.ts';
import { runLimitMs } from './runLimit.ts';
import { runtimeSetup } from './runtimeSetup.ts';

const WORKERS = {
  wasm: () => new Worker(new URL('./worker/wasmWorker.ts', import.meta.url), { type: 'module' }),
  webgpu: () => new Worker(new URL('./worker/webgpuWorker.ts', import.meta.url), { type: 'module' }),
} as const;

/** Runs models on a backend, in a worker of its own that begins with the first job. `limitMs`: the user's, unless said. */
export const backendClient = (backend: RunBackend, limitMs = runLimitMs): InferenceClient =>
  new InferenceClient(backend, WORKERS[backend], runtimeSetup(), limitMs);
