import { measureImage } from '#core/evaluation/measureImage.ts';
import { toProblem } from '#core/problem.ts';
import type { MeasureRequest, MeasureResponse } from '../measureMessage.ts';

interface WorkerScope {
  postMessage(message: MeasureResponse, transfer: Transferable[]): void;
  addEventListener(type: 'message', listener: (event: MessageEvent<MeasureRequest>) => void): void;
}

/** Counts what the runs of an image amount to while the next image is run elsewhere. */
const scope = self as unknown as WorkerScope;

scope.addEventListener('message', ({ data: { id, job } }) => {
  const { task, outputs, ...context } = job;
  const run = (contestant: number) => {
    const output = outputs[contestant];
    return output
      ? Promise.resolve(output)
      : Promise.reject(new Error(`contestant ${contestant} was not run`));
  };
  measureImage(task, { ...context, run }).then(
    (contestants) => {
      const buffers = contestants.flatMap(({ ids }) => (ids ? [ids.buffer] : []));
      scope.postMessage({ id, contestants }, [...new Set(buffers)]);
    },
    (error: unknown) =>
      scope.postMessage({ id, problem: toProblem(error, { code: 'evaluation.measure' }) }, []),
  );
});
