import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ShardLine } from '#core/evaluation/shardFile.ts';
import { ProblemError } from '#core/problem.ts';
import type { EvaluationJob, JobImage } from './evaluationJob.ts';
import { openMeasurer, type Measurer } from './measurer.ts';
import type { WorkerAnswer, WorkerMessage } from './workerMessage.ts';

const PROGRAM = fileURLToPath(new URL('./workerProcess.ts', import.meta.url));

/**
 * Measures images in `workers` processes of one thread each (one: in this process), and hands their lines over in the
 * order in which they come. Throws ProblemError where a model does not open, and `worker.ended` where a process dies.
 */
export async function measureAll(
  job: EvaluationJob,
  images: readonly JobImage[],
  options: { readonly workers: number; readonly onLine: (line: ShardLine) => void },
): Promise<void> {
  const queue = [...images];
  const work = async (measurer: Pick<Measurer, 'measure'>): Promise<void> => {
    for (let image = queue.shift(); image; image = queue.shift()) {
      options.onLine(await measurer.measure(image));
    }
  };
  const count = Math.min(options.workers, images.length);
  if (count <= 1) {
    const measurer = await openMeasurer(job);
    await work(measurer).finally(() => measurer.close());
    return;
  }
  // They load their programs side by side.
  const processes = Array.from({ length: count }, () => new WorkerProcess());
  try {
    const one = { ...job, threads: job.threads ?? 1 };
    const [first, ...others] = processes as [WorkerProcess, ...WorkerProcess[]];
    // What the first makes of the models, the others find made; it has begun to measure by then.
    await first.open(one);
    const working = others.map((process) => process.open(one).then(() => work(process)));
    await Promise.all([work(first), ...working]);
  } finally {
    for (const process of processes) process.close();
  }
}

/** A measurer in a process of its own. */
class WorkerProcess {
  private readonly child = fork(PROGRAM, { execArgv: ['--import', import.meta.resolve('tsx')] });

  /** Once, before anything is measured. Throws ProblemError where a model does not open. */
  async open(job: EvaluationJob): Promise<void> {
    const answer = await answerOf(this.child, { type: 'job', job });
    if (answer.type === 'failed') throw new ProblemError(answer.problem);
  }

  async measure(image: JobImage): Promise<ShardLine> {
    const answer = await answerOf(this.child, { type: 'image', image });
    if (answer.type !== 'line') throw new Error(`a worker answered ${answer.type} to an image`);
    return answer.line;
  }

  /** What it was at is dropped. */
  close(): void {
    if (this.child.connected) this.child.disconnect();
  }
}

function answerOf(child: ChildProcess, message: WorkerMessage): Promise<WorkerAnswer> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null) => {
      reject(
        new ProblemError({
          code: 'worker.ended',
          title: `a worker process ended with ${String(code)}`,
          hint: 'It may have run out of memory: use fewer --workers. What was measured is kept',
        }),
      );
    };
    if (!child.connected) {
      ended(child.exitCode);
      return;
    }
    child.once('exit', ended);
    child.once('message', (answer) => {
      child.off('exit', ended);
      resolve(answer as WorkerAnswer);
    });
    child.send(message);
  });
}
