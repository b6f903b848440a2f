import { ProblemError, type Problem } from '#core/problem.ts';
import type { RunBackend } from '../store/useResults.ts';
import type { SegmentAnswer, SegmentJob, WorkerRequest, WorkerResponse } from './protocol.ts';

/** The part of a Worker that the client uses, so that tests can put another end to it. */
export interface WorkerPort {
  postMessage(message: WorkerRequest): void;
  terminate(): void;
  onmessage: ((event: MessageEvent<WorkerResponse>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
}

interface Waiting {
  readonly id: number;
  readonly job: SegmentJob;
  readonly priority: number;
  readonly onStart: (() => void) | undefined;
  readonly onTile: ((tile: number, tiles: number) => void) | undefined;
  readonly signal: AbortSignal | undefined;
  readonly resolve: (answer: SegmentAnswer) => void;
  readonly reject: (error: unknown) => void;
}

export interface SegmentRequest {
  /** Lower goes first; equal ones in the order of asking. */
  readonly priority: number;
  /** Drops the job where it has not begun, or at its next tile: the answer of a run that is under way is worth keeping. */
  readonly signal?: AbortSignal;
  readonly onStart?: () => void;
  /** Before each tile of a picture that takes many runs; counted from 0. */
  readonly onTile?: (tile: number, tiles: number) => void;
}

/** How often a crashed worker is started again before the backend counts as broken. */
const MAX_RESTARTS = 3;

/**
 * One worker and what waits for it. The worker gets one job at a time; a crash fails the job that ran,
 * and the next one starts a fresh worker.
 */
export class InferenceClient {
  private worker: WorkerPort | null = null;
  private waiting: Waiting[] = [];
  private running: Waiting | null = null;
  private nextId = 1;
  private restarts = 0;
  private limit: ReturnType<typeof setTimeout> | undefined;
  private startedAt = 0;

  constructor(
    readonly backend: RunBackend,
    private readonly start: () => WorkerPort,
    private readonly setup: { readonly runtimeUrl: string; readonly threads: number },
    /** A session that says nothing for longer is ended, with its worker. */
    private readonly limitMs: () => number = () => Infinity,
  ) {}

  /** Rejects with a ProblemError, or with the signal's reason where the job was dropped. */
  segment(job: SegmentJob, { priority, signal, onStart, onTile }: SegmentRequest): Promise<SegmentAnswer> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason as Error);
        return;
      }
      const id = this.nextId++;
      const entry: Waiting = { id, job, priority, onStart, onTile, signal, resolve, reject };
      signal?.addEventListener('abort', () => {
        if (this.running === entry) this.worker?.postMessage({ type: 'drop', id });
        if (!this.waiting.includes(entry)) return;
        this.waiting = this.waiting.filter((other) => other !== entry);
        reject(signal.reason as Error);
      });
      this.waiting.push(entry);
      this.next();
    });
  }

  /** Releases all sessions but these. */
  keep(sessions: readonly string[]): void {
    this.worker?.postMessage({ type: 'keep', sessions });
  }

  /** Ends the run of a model, where it is the one that runs, and drops what waits for it; others go on. */
  stop(modelSha256: string): void {
    if (this.running?.job.model.sha256 !== modelSha256) return;
    const seconds = Math.round((performance.now() - this.startedAt) / 1000);
    this.giveUp({
      code: 'inference.stopped',
      severity: 'error',
      title: `its run was stopped after ${seconds} s`,
      subject: this.running.job.model.name,
      hint: 'Run it again, or choose another model; the others go on',
    });
  }

  /** Ends the worker; what waits or runs is rejected. */
  destroy(problem: Problem): void {
    this.endWorker();
    const lost = this.running ? [this.running, ...this.waiting] : this.waiting;
    this.running = null;
    this.waiting = [];
    for (const entry of lost) entry.reject(new ProblemError(problem));
  }

  private next(): void {
    if (this.running || this.waiting.length === 0) return;
    const first = this.waiting.reduce((best, entry) => (entry.priority < best.priority ? entry : best));
    this.waiting = this.waiting.filter((entry) => entry !== first);
    this.running = first;
    this.worker ??= this.startWorker();
    this.startedAt = performance.now();
    first.onStart?.();
    this.worker.postMessage({ type: 'segment', id: first.id, job: first.job });
    this.watch();
  }

  /** From now on the worker has the time limit again until it says something. */
  private watch(): void {
    clearTimeout(this.limit);
    const limit = this.limitMs();
    if (limit === Infinity) return;
    this.limit = setTimeout(() => {
      this.giveUp({
        code: 'inference.tooLong',
        severity: 'error',
        title: `it gave no answer within ${limit / 1000} s and was stopped`,
        subject: this.running?.job.model.name,
        detail: 'Its graph may loop, or be too large for this machine',
        hint: 'Run it again, or choose another model; the time is set under Settings',
      });
    }, limit);
  }

  /** A session cannot be interrupted: its worker is ended. What waits for the same model would end the same way. */
  private giveUp(problem: Problem): void {
    this.endWorker();
    const { running } = this;
    this.running = null;
    const isSame = ({ job }: Waiting): boolean => job.model.sha256 === running?.job.model.sha256;
    const lost = this.waiting.filter(isSame);
    this.waiting = this.waiting.filter((entry) => !isSame(entry));
    for (const entry of running ? [running, ...lost] : lost) entry.reject(new ProblemError(problem));
    this.next();
  }

  private startWorker(): WorkerPort {
    const worker = this.start();
    worker.onmessage = ({ data }) => this.receive(data);
    worker.onerror = (event) => this.crash(event.message);
    worker.postMessage({ type: 'setup', ...this.setup });
    return worker;
  }

  private receive(response: WorkerResponse): void {
    const entry = this.running;
    if (entry?.id !== response.id) return;
    this.watch();
    if (response.type === 'progress') {
      entry.onTile?.(response.tile, response.tiles);
      return;
    }
    clearTimeout(this.limit);
    this.running = null;
    switch (response.type) {
      case 'done':
        this.restarts = 0;
        entry.resolve(response.answer);
        break;
      case 'dropped':
        entry.reject(entry.signal?.reason ?? new Error('dropped'));
        break;
      case 'failed':
        entry.reject(new ProblemError(response.problem));
        // After a session that failed to begin, onnxruntime's WebGPU begins no other one in that worker.
        if (this.backend === 'webgpu') this.endWorker();
        break;
    }
    this.next();
  }

  private endWorker(): void {
    clearTimeout(this.limit);
    this.worker?.terminate();
    this.worker = null;
  }

  private crash(message: string): void {
    this.endWorker();
    const entry = this.running;
    this.running = null;
    this.restarts++;
    const problem: Problem = {
      code: 'inference.crashed',
      severity: 'error',
      title: 'the inference worker stopped',
      subject: entry?.job.image.name,
      detail: message === '' ? undefined : message,
      hint: 'It is started again with the next image',
    };
    entry?.reject(new ProblemError(problem));
    if (this.restarts > MAX_RESTARTS) this.destroy(problem);
    else this.next();
  }
}
