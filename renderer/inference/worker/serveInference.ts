import type { Engine } from '#core/engine/engine.ts';
import { segmentGated } from '#core/inference/segmentGated.ts';
import { toProblem } from '#core/problem.ts';
import {
  sessionKey,
  type SegmentAnswer,
  type SegmentJob,
  type WorkerRequest,
  type WorkerResponse,
  type WorkerSetup,
} from '../protocol.ts';
import { decodeImage } from './decodeImage.ts';
import { FetchedModel } from './fetchedModel.ts';
import { fetchModel, ModelSession, type OnnxRuntime } from './modelSession.ts';
import { PictureCache } from './pictureCache.ts';

/** The part of a dedicated worker's global that is used: the window's types are in force in this folder. */
interface WorkerScope {
  postMessage(message: WorkerResponse, transfer: Transferable[]): void;
  addEventListener(type: 'message', listener: (event: MessageEvent<WorkerRequest>) => void): void;
}

export interface InferenceBackend {
  readonly provider: 'wasm' | 'webgpu';
  readonly runtime: OnnxRuntime;
  readonly setUp: (setup: WorkerSetup) => void;
  /** The studio's own kernels, made at the first call; null or left out: there are none. */
  readonly engine?: () => Engine | null;
}

class Dropped extends Error {}

/** Answers the window's requests one after the other, with sessions, files to retarget and pictures kept. */
export function serveInference(backend: InferenceBackend): void {
  const scope = self as unknown as WorkerScope;
  const sessions = new Map<string, Promise<ModelSession>>();
  /** By their sha256: sessions of another keep ratio are made of them. */
  const files = new Map<string, Promise<FetchedModel>>();
  const pictures = new PictureCache(decodeImage, () => performance.now());
  let dropped = -1;
  let tail: Promise<void> = Promise.resolve();

  const fetched = async ({ url, name }: SegmentJob['model']): Promise<FetchedModel> =>
    new FetchedModel(
      await fetchModel(url.includes('?') ? url : `${url}?form=${backend.provider}`, name),
      name,
    );

  const load = async (model: SegmentJob['model'], keepRatio: number | null): Promise<ModelSession> => {
    const loading = files.get(model.sha256) ?? fetched(model);
    files.set(model.sha256, loading);
    loading.catch(() => files.delete(model.sha256));
    const file = await loading;
    return ModelSession.create(backend.runtime, backend.provider, { file, keepRatio }, backend.engine);
  };

  const sessionFor = ({ model, settings }: SegmentJob): Promise<ModelSession> => {
    const key = sessionKey(model.sha256, settings);
    const known = sessions.get(key);
    if (known) return known;
    const loading = load(model, settings.keepRatio);
    sessions.set(key, loading);
    loading.catch(() => sessions.delete(key));
    return loading;
  };

  const run = async (id: number, job: SegmentJob): Promise<SegmentAnswer> => {
    const session = await sessionFor(job);
    const { image, model, settings } = job;
    const { input, decode } = await pictures.input(image, model.preprocessor, settings.sizing);
    const cold = session.runs === 0;
    const { classMap, logits, timings, inputWidth, inputHeight, tiles, gates } = await segmentGated(input, {
      runSession: (pixelValues, height, width) => session.run(pixelValues, height, width),
      now: () => performance.now(),
      beforeTile: async (tile, total) => {
        scope.postMessage({ type: 'progress', id, tile, tiles: total }, []);
        // A message that arrived meanwhile is heard now.
        await new Promise((resolve) => setTimeout(resolve));
        if (dropped === id) throw new Dropped();
      },
    });
    const { macs, ...cost } = session.costAt(inputHeight, inputWidth);
    return {
      classMap,
      logits,
      timings: { ...timings, decode },
      ...cost,
      macs: macs === null ? null : macs * tiles,
      inputWidth,
      inputHeight,
      tiles,
      gates,
      cold,
    };
  };

  const keep = async (wanted: readonly string[]): Promise<void> => {
    for (const [key, loading] of sessions) {
      if (wanted.includes(key)) continue;
      sessions.delete(key);
      await loading.then((session) => session.release()).catch(() => undefined);
    }
    for (const [sha256, loading] of files) {
      if (wanted.some((key) => key.startsWith(sha256))) continue;
      files.delete(sha256);
      await loading.then((file) => file.release()).catch(() => undefined);
    }
  };

  const answer = async (request: WorkerRequest): Promise<void> => {
    switch (request.type) {
      case 'setup':
        backend.setUp(request);
        return;
      case 'keep':
        await keep(request.sessions);
        return;
      case 'drop':
        return;
      case 'segment':
        try {
          const done = await run(request.id, request.job);
          scope.postMessage({ type: 'done', id: request.id, answer: done }, [
            done.classMap.ids.buffer as ArrayBuffer,
            done.logits.logits.buffer as ArrayBuffer,
          ]);
        } catch (error) {
          if (error instanceof Dropped) {
            scope.postMessage({ type: 'dropped', id: request.id }, []);
            return;
          }
          const problem = toProblem(error, { code: 'inference.failed', subject: request.job.image.name });
          scope.postMessage({ type: 'failed', id: request.id, problem }, []);
        }
        return;
    }
  };

  scope.addEventListener('message', ({ data }) => {
    if (data.type === 'drop') dropped = data.id;
    tail = tail.then(() => answer(data));
  });
}
