import type { MeasuredImage } from '#core/evaluation/evaluationTask.ts';
import { ProblemError } from '#core/problem.ts';
import type { MeasureJob, MeasureRequest, MeasureResponse } from './measureMessage.ts';
import { WorkerCalls, type CallPort } from './workerCalls.ts';

/** measureImage off the window's thread. The class maps and logits of the outputs are gone afterwards. */
export class MeasureClient {
  private readonly calls: WorkerCalls<MeasureRequest, MeasureResponse>;

  constructor(start: () => CallPort<MeasureRequest, MeasureResponse>) {
    this.calls = new WorkerCalls(start, crashed);
  }

  /** Rejects with a ProblemError. */
  async measure(job: MeasureJob): Promise<MeasuredImage['contestants']> {
    const buffers = job.outputs.flatMap((output) =>
      output ? [output.classMap.ids.buffer, output.logits.logits.buffer] : [],
    );
    const transfer = [...new Set(buffers)] as ArrayBuffer[];
    const response = await this.calls.ask((id) => ({ request: { id, job }, transfer }));
    if ('problem' in response) throw new ProblemError(response.problem);
    return response.contestants;
  }

  /** Ends the thread; the next image begins another one. */
  stop(): void {
    this.calls.stop();
  }
}

const crashed = (id: number, message: string): MeasureResponse => ({
  id,
  problem: {
    code: 'evaluation.measure',
    severity: 'error',
    title: 'the figures could not be counted',
    detail: message,
  },
});
