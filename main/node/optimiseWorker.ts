import { parentPort, workerData } from 'node:worker_threads';
import { modelMappingSchema } from '#core/models/modelMapping.ts';
import { toProblem } from '#core/problem.ts';
import { z } from 'zod';
import type { OptimiseAnswer } from './optimiseBeside.ts';
import { optimiseFile } from './optimisedModels.ts';

/** What optimiseBeside starts, as a program of its own: one model, then the thread ends. */
const job = z
  .object({
    onnxFile: z.string(),
    form: z.enum(['wasm', 'webgpu', 'plain']),
    mapping: modelMappingSchema.nullable(),
  })
  .parse(workerData);

const answer = (message: OptimiseAnswer, transfer: ArrayBuffer[] = []) =>
  parentPort?.postMessage(message, transfer);

optimiseFile(job.onnxFile, job.form, job.mapping).then(
  (made) => answer({ made }, made.bytes ? [made.bytes.buffer] : []),
  (error: unknown) =>
    answer({ problem: toProblem(error, { code: 'optimise.failed', subject: job.onnxFile }) }),
);
