import { ProblemError } from '#core/problem.ts';
import type { LabAnswers, LabJob, LabRequest, LabResponse } from './gatesProtocol.ts';
import { runtimeSetup } from './runtimeSetup.ts';

type LabKind = keyof LabAnswers;

interface Waiting {
  readonly resolve: (answer: LabAnswers[LabKind]) => void;
  readonly reject: (error: unknown) => void;
  readonly onProgress: ((done: number, total: number) => void) | undefined;
}

/** The work was stopped by the user, or by something newer. */
export class LabCancelled extends Error {}

let worker: Worker | null = null;
let nextId = 1;
const waiting = new Map<number, Waiting>();

/**
 * A job of the worker that takes students apart; jobs run one after the other. Rejects with a ProblemError, or with
 * LabCancelled.
 */
export function runLab<K extends LabKind>(
  job: Extract<LabJob, { kind: K }>,
  onProgress?: (done: number, total: number) => void,
): Promise<LabAnswers[K]> {
  worker ??= open();
  const id = nextId++;
  post(worker, { type: 'job', id, job });
  return new Promise((resolve, reject) => {
    waiting.set(id, { resolve: resolve as Waiting['resolve'], reject, onProgress });
  });
}

/** Ends the worker and everything that waits for it. */
export function cancelLab(): void {
  end(new LabCancelled('cancelled'));
}

function end(reason: Error): void {
  worker?.terminate();
  worker = null;
  const lost = [...waiting.values()];
  waiting.clear();
  for (const entry of lost) entry.reject(reason);
}

function open(): Worker {
  const opened = new Worker(new URL('./worker/gatesWorker.ts', import.meta.url), { type: 'module' });
  opened.onmessage = ({ data }: MessageEvent<LabResponse>) => {
    const entry = waiting.get(data.id);
    if (data.type === 'progress') {
      entry?.onProgress?.(data.done, data.total);
      return;
    }
    waiting.delete(data.id);
    if (data.type === 'done') entry?.resolve(data.answer);
    else entry?.reject(new ProblemError(data.problem));
  };
  opened.onerror = (event) => {
    const problem = { code: 'gates.crashed', title: 'the worker broke down', detail: event.message };
    end(new ProblemError(problem));
  };
  post(opened, { type: 'setup', ...runtimeSetup() });
  return opened;
}

function post(to: Worker, message: LabRequest): void {
  to.postMessage(message);
}
