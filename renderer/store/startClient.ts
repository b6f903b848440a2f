import { ProblemError } from '#core/problem.ts';
import { computeStart, type StartAnswer, type StartJob } from './startJob.ts';
import type { StartResponse } from './startWorker.ts';

interface Waiting {
  readonly resolve: (answer: StartAnswer) => void;
  readonly reject: (error: unknown) => void;
}

let worker: Worker | null = null;
let nextId = 1;
const waiting = new Map<number, Waiting>();

/** `computeStart` off the window's thread; the job's arrays are gone afterwards. Rejects with a ProblemError. */
export function startOffThread(job: StartJob): Promise<StartAnswer> {
  // Tests run without workers.
  if (typeof Worker === 'undefined') return Promise.resolve(job).then(computeStart);
  worker ??= open();
  const id = nextId++;
  const arrays = [job.before, job.source].flatMap((ids) => (ids ? [ids.buffer as ArrayBuffer] : []));
  worker.postMessage({ id, job }, arrays);
  return new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
}

function open(): Worker {
  const opened = new Worker(new URL('./startWorker.ts', import.meta.url), { type: 'module' });
  opened.onmessage = ({ data }: MessageEvent<StartResponse>) => {
    const entry = waiting.get(data.id);
    waiting.delete(data.id);
    if ('answer' in data) entry?.resolve(data.answer);
    else entry?.reject(new ProblemError(data.problem));
  };
  opened.onerror = (event) => {
    worker = null;
    const lost = [...waiting.values()];
    waiting.clear();
    const problem = { code: 'mask.start', title: 'the mask could not be started', detail: event.message };
    for (const entry of lost) entry.reject(new ProblemError(problem));
  };
  return opened;
}
