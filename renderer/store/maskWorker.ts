import { toProblem, type Problem } from '#core/problem.ts';
import { answerBuffers, computeMaskJob, type MaskJobKind, type MaskJobs } from './maskJobs.ts';

export type MaskRequest = {
  readonly [K in MaskJobKind]: {
    readonly id: number;
    readonly kind: K;
    readonly input: MaskJobs[K]['input'];
  };
}[MaskJobKind];

export type MaskResponse =
  | { readonly id: number; readonly answer: MaskJobs[MaskJobKind]['answer'] }
  | { readonly id: number; readonly problem: Problem };

interface WorkerScope {
  postMessage(message: MaskResponse, transfer: Transferable[]): void;
  addEventListener(type: 'message', listener: (event: MessageEvent<MaskRequest>) => void): void;
}

/** Comparing and encoding every pixel of a large picture takes longer than a frame: it is done here. */
const scope = self as unknown as WorkerScope;

scope.addEventListener('message', ({ data: { id, kind, input } }) => {
  try {
    const answer = computeMaskJob(kind, input);
    scope.postMessage({ id, answer }, answerBuffers(kind, answer));
  } catch (error) {
    scope.postMessage({ id, problem: toProblem(error, { code: `mask.${kind}` }) }, []);
  }
});
