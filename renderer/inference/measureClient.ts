import type { MeasuredImage } from '#core/evaluation/evaluationTask.ts';
import { ProblemError } from '#core/problem.ts';
import type { MeasureJob, MeasureRequest, MeasureResponse } from './measureMessage.ts';

/** The part of a Worker that the client uses. */
export interface MeasurePort {
  postMessage(message: MeasureRequest, transfer: Transferable[]): void;
  terminate(): void;
  onmessage: ((event: MessageEvent<MeasureResponse>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
}

interface Waiting {
  readonly resolve: (contestants: MeasuredImage['contestants']) => void;
  readonly reject: (error: unknown) => void;
}

/** measureImage off the window's thread. The class maps and logits of the outputs are gone afterwards. */
export class MeasureClient {
  private port: MeasurePort | null = null;
  private readonly waiting = new Map<number, Waiting>();
  private nextId = 1;

  constructor(private readonly start: () => MeasurePort) {}

  /** Rejects with a ProblemError. */
  measure(job: MeasureJob): Promise<MeasuredImage['contestants']> {
    this.port ??= this.open();
    const id = this.nextId++;
    const buffers = job.outputs.flatMap((output) =>
      output ? [output.classMap.ids.buffer, output.logits.logits.buffer] : [],
    );
    this.port.postMessage({ id, job }, [...new Set(buffers)] as ArrayBuffer[]);
    return new Promise((resolve, reject) => this.waiting.set(id, { resolve, reject }));
  }

  /** Ends the thread; the next image begins another one. */
  stop(): void {
    this.port?.terminate();
    this.port = null;
  }

  private open(): MeasurePort {
    const port = this.start();
    port.onmessage = ({ data }) => {
      const entry = this.waiting.get(data.id);
      this.waiting.delete(data.id);
      if ('contestants' in data) entry?.resolve(data.contestants);
      else entry?.reject(new ProblemError(data.problem));
    };
    port.onerror = (event) => {
      this.stop();
      const lost = [...this.waiting.values()];
      this.waiting.clear();
      const problem = {
        code: 'evaluation.measure',
        title: 'the figures could not be counted',
        detail: event.message,
      };
      for (const entry of lost) entry.reject(new ProblemError(problem));
    };
    return port;
  }
}
