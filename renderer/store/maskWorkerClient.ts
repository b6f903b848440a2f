import { ProblemError } from '#core/problem.ts';
import { WorkerCalls } from '../inference/workerCalls.ts';
import { computeMaskJob, inputBuffers, type MaskJobKind, type MaskJobs } from './maskJobs.ts';
import type { MaskRequest, MaskResponse } from './maskWorker.ts';

const calls = new WorkerCalls<MaskRequest, MaskResponse>(
  () => new Worker(new URL('./maskWorker.ts', import.meta.url), { type: 'module' }),
  (id, message) => {
    const title = 'a change of the whole mask stopped';
    return { id, problem: { code: 'mask.worker', severity: 'error', title, detail: message } };
  },
);

/** Does a job off the window's thread; the arrays that go in are gone afterwards. Rejects with a ProblemError. */
export async function runMaskJob<K extends MaskJobKind>(
  kind: K,
  input: MaskJobs[K]['input'],
): Promise<MaskJobs[K]['answer']> {
  // Tests run without workers.
  if (typeof Worker === 'undefined') return computeMaskJob(kind, input);
  const transfer = inputBuffers(kind, input);
  const response = await calls.ask((id) => ({ request: { id, kind, input } as MaskRequest, transfer }));
  if ('problem' in response) throw new ProblemError(response.problem);
  return response.answer;
}

/** Starts the other thread before it is needed: that alone takes longer than a frame. */
export function warmMaskWorker(): void {
  if (typeof Worker !== 'undefined') calls.warm();
}
