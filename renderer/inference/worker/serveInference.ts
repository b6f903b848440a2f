import type { RgbaImage } from '#core/imaging/rgbaImage.ts';
import { segment } from '#core/inference/segment.ts';
import { toProblem } from '#core/problem.ts';
import type { SegmentAnswer, SegmentJob, WorkerRequest, WorkerResponse, WorkerSetup } from '../protocol.ts';
import { decodeImage } from './decodeImage.ts';
import { ModelSession, type OnnxRuntime } from './modelSession.ts';

/** The part of a dedicated worker's global that is used: the window's types are in force in this folder. */
interface WorkerScope {
  postMessage(message: WorkerResponse, transfer: Transferable[]): void;
  addEventListener(type: 'message', listener: (event: MessageEvent<WorkerRequest>) => void): void;
}

/**
 * The first run of a session carries costs that come once (memory, compilation). One that took less than this is
 * done again, so that the milliseconds shown are the model's own.
 */
const FIRST_RUN_LIMIT_MS = 3000;

export interface InferenceBackend {
  readonly provider: 'wasm' | 'webgpu';
  readonly runtime: OnnxRuntime;
  readonly setUp: (setup: WorkerSetup) => void;
}

/** Answers the window's requests one after the other, with sessions and the last picture kept. */
export function serveInference(backend: InferenceBackend): void {
  const scope = self as unknown as WorkerScope;
  const sessions = new Map<string, Promise<ModelSession>>();
  let picture: { readonly url: string; readonly image: RgbaImage } | null = null;
  let tail: Promise<void> = Promise.resolve();

  const sessionFor = (model: SegmentJob['model']): Promise<ModelSession> => {
    const known = sessions.get(model.sha256);
    if (known) return known;
    const loading = ModelSession.load(backend.runtime, backend.provider, model);
    sessions.set(model.sha256, loading);
    loading.catch(() => sessions.delete(model.sha256));
    return loading;
  };

  const run = async ({ image, model }: SegmentJob): Promise<SegmentAnswer> => {
    const session = await sessionFor(model);
    const begun = performance.now();
    if (picture?.url !== image.url) {
      picture = null;
      picture = { url: image.url, image: await decodeImage(image.url, image.name) };
    }
    const decode = performance.now() - begun;
    const { image: pixels } = picture;
    const measure = () =>
      segment(pixels, {
        preprocessor: model.preprocessor,
        runSession: (pixelValues, height, width) => session.run(pixelValues, height, width),
        now: () => performance.now(),
      });
    const isFirst = session.runs === 0;
    const start = performance.now();
    let result = await measure();
    if (isFirst && performance.now() - start < FIRST_RUN_LIMIT_MS) result = await measure();
    const { classMap, logits, timings, inputWidth, inputHeight } = result;
    const cost = session.costAt(inputHeight, inputWidth);
    return { classMap, logits, timings: { ...timings, decode }, ...cost, inputWidth, inputHeight };
  };

  const keep = async (hashes: readonly string[]): Promise<void> => {
    for (const [hash, loading] of sessions) {
      if (hashes.includes(hash)) continue;
      sessions.delete(hash);
      await loading.then((session) => session.release()).catch(() => undefined);
    }
  };

  const answer = async (request: WorkerRequest): Promise<void> => {
    switch (request.type) {
      case 'setup':
        backend.setUp(request);
        return;
      case 'keep':
        await keep(request.modelHashes);
        return;
      case 'segment':
        try {
          const done = await run(request.job);
          scope.postMessage({ type: 'done', id: request.id, answer: done }, [
            done.classMap.ids.buffer as ArrayBuffer,
            done.logits.logits.buffer as ArrayBuffer,
          ]);
        } catch (error) {
          const problem = toProblem(error, { code: 'inference.failed', subject: request.job.image.name });
          scope.postMessage({ type: 'failed', id: request.id, problem }, []);
        }
        return;
    }
  };

  scope.addEventListener('message', ({ data }) => {
    tail = tail.then(() => answer(data));
  });
}
