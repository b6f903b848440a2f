import { Worker } from 'node:worker_threads';
import type { MadeForm } from '#core/models/runForm.ts';
import { ProblemError, type Problem } from '#core/problem.ts';
import type { Optimise } from './optimisedModels.ts';

/** What the worker answers. */
export type OptimiseAnswer = { readonly made: MadeForm } | { readonly problem: Problem };

/**
 * Makes forms in a thread of its own, so that the largest model does not hold up the window's calls.
 *
 * @param program the built optimiseWorker
 */
export function optimiseBeside(program: string): Optimise {
  return (onnxFile, form, mapping) =>
    new Promise<MadeForm>((resolve, reject) => {
      const worker = new Worker(program, { workerData: { onnxFile, form, mapping } });
      worker.once('message', (answer: OptimiseAnswer) => {
        if ('made' in answer) resolve(answer.made);
        else reject(new ProblemError(answer.problem));
      });
      worker.once('error', reject);
      worker.once('exit', (code) => reject(new Error(`the optimiser ended with ${code}`)));
    });
}
