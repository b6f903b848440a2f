import { formatProblem, toProblem } from '#core/problem.ts';
import { openMeasurer, type Measurer } from './measurer.ts';
import type { WorkerAnswer, WorkerMessage } from './workerMessage.ts';

/** One of the processes of `dynaseg evaluate --workers`: a job first, then images, each answered by its line. */
const send = (answer: WorkerAnswer): void => {
  process.send?.(answer);
};

let measurer: Promise<Measurer> | null = null;

process.on('message', (message: WorkerMessage) => {
  if (message.type === 'job') {
    measurer = openMeasurer(message.job);
    measurer.then(
      () => send({ type: 'ready' }),
      (error: unknown) => send({ type: 'failed', problem: toProblem(error, { code: 'worker.failed' }) }),
    );
    return;
  }
  const open = measurer;
  if (!open)
    throw new Error(formatProblem(toProblem('an image came before the job', { code: 'worker.order' })));
  void open.then((opened) => opened.measure(message.image)).then((line) => send({ type: 'line', line }));
});

// Whoever started it is gone: nobody would hear of what it finds.
process.on('disconnect', () => process.exit());
