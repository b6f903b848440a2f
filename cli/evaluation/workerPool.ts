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
  const work = async (measurer: Measurer): Promise<void> => {
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
  const started: Measurer[] = [];
  try {
    const one = { ...job, threads: job.threads ?? 1 };
    // The first alone: what it makes of the models, the others find made.
    started.push(await startProcess(one));
    const rest = Array.from({ length: count - 1 }, () => startProcess(one));
    started.push(...(await Promise.all(rest)));
    await Promise.all(started.map(work));
  } finally {
    await Promise.all(started.map((measurer) => measurer.close()));
  }
}

async function startProcess(job: EvaluationJob): Promise<Measurer> {
  const child = fork(PROGRAM, { execArgv: ['--import', import.meta.resolve('tsx')] });
  const ask = (message: WorkerMessage): Promise<WorkerAnswer> => answerOf(child, message);
  const first = await ask({ type: 'job', job });
  if (first.type === 'failed') {
    child.kill();
    throw new ProblemError(first.problem);
  }
  return {
    measure: async (image) => {
      const answer = await ask({ type: 'image', image });
      if (answer.type !== 'line') throw new Error(`a worker answered ${answer.type} to an image`);
      return answer.line;
    },
    close: () => {
      child.disconnect();
      return Promise.resolve();
    },
  };
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
    child.once('exit', ended);
    child.once('message', (answer) => {
      child.off('exit', ended);
      resolve(answer as WorkerAnswer);
    });
    child.send(message);
  });
}
