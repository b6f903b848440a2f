import { ProblemError } from '#core/problem.ts';
import { computeMaskJob, inputBuffers, type MaskJobKind, type MaskJobs } from './maskJobs.ts';
import type { MaskResponse } from './maskWorker.ts';

interface Waiting {
  readonly resolve: (answer: MaskJobs[MaskJobKind]['answer']) => void;
  readonly reject: (error: unknown) => void;
}

let worker: Worker | null = null;
let nextId = 1;
const waiting = new Map<number, Waiting>();

/** Does a job off the window's thread; the arrays that go in are gone afterwards. Rejects with a ProblemError. */
export function runMaskJob<K extends MaskJobKind>(
  kind: K,
  input: MaskJobs[K]['input'],
): Promise<MaskJobs[K]['answer']> {
  // Tests run without workers.
  if (typeof Worker === 'undefined') return Promise.resolve().then(() => computeMaskJob(kind, input));
  worker ??= open();
  const id = nextId++;
  worker.postMessage({ id, kind, input }, inputBuffers(kind, input));
  return new Promise<MaskJobs[MaskJobKind]['answer']>((resolve, reject) => {
    waiting.set(id, { resolve, reject });
  });
}

/** Starts the other thread before it is needed: that alone takes longer than a frame. */
export function warmMaskWorker(): void {
  if (typeof Worker !== 'undefined') worker ??= open();
}

function open(): Worker {
  const opened = new Worker(new URL('./maskWorker.ts', import.meta.url), { type: 'module' });
  opened.onmessage = ({ data }: MessageEvent<MaskResponse>) => {
    const entry = waiting.get(data.id);
    waiting.delete(data.id);
    if ('answer' in data) entry?.resolve(data.answer);
    else entry?.reject(new ProblemError(data.problem));
  };
  opened.onerror = (event) => {
    worker = null;
    const lost = [...waiting.values()];
    waiting.clear();
    const title = 'a change of the whole mask stopped';
    const problem = { code: 'mask.worker', title, detail: event.message };
    for (const entry of lost) entry.reject(new ProblemError(problem));
  };
  return opened;
}
