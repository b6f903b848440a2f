import { Worker } from 'node:worker_threads';
import type { Optimisation } from '#core/onnx/segformer/optimiseModel.ts';
import type { Optimise } from './optimisedModels.ts';

/**
 * Optimises in a thread of its own, so that the largest model does not hold up the window's calls.
 *
 * @param program the built optimiseWorker
 */
export function optimiseBeside(program: string): Optimise {
  return (onnxFile, backend) =>
    new Promise<Optimisation>((resolve, reject) => {
      const worker = new Worker(program, { workerData: { onnxFile, backend } });
      worker.once('message', (made: Optimisation) => resolve(made));
      worker.once('error', reject);
      worker.once('exit', (code) => reject(new Error(`the optimiser ended with ${code}`)));
    });
}
