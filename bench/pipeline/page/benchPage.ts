import type { RunSettings } from '#core/inference/runSettings.ts';
import { InferenceClient } from '../../../renderer/inference/inferenceClient.ts';
import type { SegmentJob } from '../../../renderer/inference/protocol.ts';
import type { PeerRequest, PeerResponse } from './peerWorker.ts';

/** One run by the studio's own client and worker, everything but the drawing. */
export interface OursRequest {
  readonly imageUrl: string;
  readonly model: SegmentJob['model'];
  readonly settings: RunSettings;
}

export interface OursResult {
  /** From asking to the class map in the window. */
  readonly total: number;
  readonly decode: number;
  readonly preprocess: number;
  readonly inference: number;
  readonly postprocess: number;
}

export interface BenchPage {
  ours(request: OursRequest): Promise<OursResult>;
  peer(request: PeerRequest): Promise<{ readonly total: number }>;
  /** Share of pixels of the last masks of both that are equal. */
  equal(): number;
  /** Ends a worker, with its memory. */
  end(which: 'ours' | 'peer'): void;
}

const THREADS = 2;
let ours: InferenceClient | null = null;
let peer: Worker | null = null;
let oursIds: ArrayLike<number> = [];
let peerIds: ArrayLike<number> = [];
let serial = 0;

const page: BenchPage = {
  async ours({ imageUrl, model, settings }) {
    ours ??= new InferenceClient('wasm', () => new Worker('/page/wasmWorker.js', { type: 'module' }), {
      runtimeUrl: new URL('/ort/', location.href).href,
      threads: THREADS,
    });
    const start = performance.now();
    const file = await (await fetch(imageUrl)).blob();
    // A name of its own for each run: the decoded picture of the run before is not to be used.
    const image = { name: imageUrl, sha256: String(serial++), file };
    const { classMap, timings } = await ours.segment({ image, model, settings }, { priority: 0 });
    oursIds = classMap.ids;
    const { decode, preprocess, inference, postprocess } = timings;
    return { total: performance.now() - start, decode, preprocess, inference, postprocess };
  },
  async peer(request) {
    const worker = (peer ??= new Worker('/page/peerWorker.js', { type: 'module' }));
    const start = performance.now();
    const answer = await new Promise<PeerResponse>((resolve, reject) => {
      worker.onmessage = ({ data }: MessageEvent<PeerResponse>) => resolve(data);
      worker.onerror = (event) => reject(new Error(event.message));
      worker.postMessage(request);
    });
    if ('problem' in answer) throw new Error(answer.problem);
    peerIds = answer.ids;
    return { total: performance.now() - start };
  },
  equal() {
    let equal = 0;
    for (let pixel = 0; pixel < oursIds.length; pixel++) if (oursIds[pixel] === peerIds[pixel]) equal++;
    return equal / oursIds.length;
  },
  end(which) {
    if (which === 'ours') {
      ours?.destroy({ code: 'bench.end', severity: 'error', title: 'ended' });
      ours = null;
    } else {
      peer?.terminate();
      peer = null;
    }
  },
};

(globalThis as unknown as { bench: BenchPage }).bench = page;
