import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { optimiseFile } from './optimisedModels.ts';

/** What optimiseBeside starts, as a program of its own: one model, then the thread ends. */
const job = z.object({ onnxFile: z.string(), backend: z.enum(['wasm', 'webgpu']) }).parse(workerData);

void optimiseFile(job.onnxFile, job.backend).then((made) =>
  parentPort?.postMessage(made, made.optimised ? [made.bytes.buffer] : []),
);
