import type { RecordedGates } from '#core/gates/recordedGates.ts';
import type { Logits } from '#core/imaging/postprocess.ts';
import type { RunSettings } from '#core/inference/runSettings.ts';
import type { SegmentTimings } from '#core/inference/segment.ts';
import type { ClassMap } from '#core/mask/classMap.ts';
import type { PreprocessorConfig } from '#core/models/modelInfo.ts';
import type { Problem } from '#core/problem.ts';

/** An image file and what it is known by. */
export interface JobImage {
  readonly name: string;
  /** Of the file, lower-case hex. */
  readonly sha256: string;
  /** The file: it crosses to the worker without being copied. */
  readonly file: Blob;
}

/** One image through one model. */
export interface SegmentJob {
  readonly image: JobImage;
  readonly model: {
    readonly url: string;
    readonly name: string;
    readonly sha256: string;
    readonly preprocessor: PreprocessorConfig;
  };
  readonly settings: RunSettings;
}

export interface SegmentAnswer {
  readonly classMap: ClassMap;
  readonly logits: Logits;
  /**
   * `decode` is 0 where the picture was still decoded from the job before; `preprocess` is what it took, also where
   * the model before had it done.
   */
  readonly timings: SegmentTimings & { readonly decode: number };
  /** Multiply-adds of this run, over all tiles; null where the graph could not be read. */
  readonly macs: number | null;
  /** Operators that `macs` leaves out. */
  readonly uncounted: readonly string[];
  readonly parameters: number | null;
  /** Size of the input; of tiles, each of them. */
  readonly inputWidth: number;
  readonly inputHeight: number;
  readonly tiles: number;
  /** Of a student that says which neurons it computed, and of a picture in one piece. */
  readonly gates: RecordedGates | null;
  /** The first run of a session: its time carries costs that come once (memory, compilation). */
  readonly cold: boolean;
}

/** Names a session of a worker: the same model at another keep ratio is another one. */
export function sessionKey(modelSha256: string, { keepRatio }: Pick<RunSettings, 'keepRatio'>): string {
  return `${modelSha256}@${keepRatio ?? 'file'}`;
}

/** The first message to a worker. */
export interface WorkerSetup {
  readonly type: 'setup';
  /** Where onnxruntime's WebAssembly is, with a slash at the end. */
  readonly runtimeUrl: string;
  readonly threads: number;
}

/** A worker is sent one job at a time: what waits, waits in the window, where it can be dropped. */
export type WorkerRequest =
  | WorkerSetup
  | { readonly type: 'segment'; readonly id: number; readonly job: SegmentJob }
  /** Nobody waits for that job any more: it ends at its next tile. */
  | { readonly type: 'drop'; readonly id: number }
  /** All other sessions are released. */
  | { readonly type: 'keep'; readonly sessions: readonly string[] };

export type WorkerResponse =
  | { readonly type: 'done'; readonly id: number; readonly answer: SegmentAnswer }
  | { readonly type: 'failed'; readonly id: number; readonly problem: Problem }
  | { readonly type: 'dropped'; readonly id: number }
  | { readonly type: 'progress'; readonly id: number; readonly tile: number; readonly tiles: number };
