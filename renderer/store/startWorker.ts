import { toProblem, type Problem } from '#core/problem.ts';
import { computeStart, type StartAnswer, type StartJob } from './startJob.ts';

export interface StartRequest {
  readonly id: number;
  readonly job: StartJob;
}

export type StartResponse =
  { readonly id: number; readonly answer: StartAnswer } | { readonly id: number; readonly problem: Problem };

interface WorkerScope {
  postMessage(message: StartResponse, transfer: Transferable[]): void;
  addEventListener(type: 'message', listener: (event: MessageEvent<StartRequest>) => void): void;
}

/** Comparing and encoding every pixel of a large picture takes longer than a frame: it is done here. */
const scope = self as unknown as WorkerScope;

scope.addEventListener('message', ({ data: { id, job } }) => {
  try {
    const answer = computeStart(job);
    const { ids, change } = answer;
    const arrays = change ? [ids, change.patch.before, change.patch.after, change.bytes] : [ids];
    scope.postMessage(
      { id, answer },
      arrays.map((array) => array.buffer as ArrayBuffer),
    );
  } catch (error) {
    scope.postMessage({ id, problem: toProblem(error, { code: 'mask.start' }) }, []);
  }
});
