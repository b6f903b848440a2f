import type { Logits } from '#core/imaging/postprocess.ts';
import type { SegmentTimings } from '#core/inference/segment.ts';
import type { ClassMap } from '#core/mask/classMap.ts';
import type { PreprocessorConfig } from '#core/models/modelInfo.ts';
import type { Problem } from '#core/problem.ts';

/** One image through one model. */
export interface SegmentJob {
  readonly image: { readonly url: string; readonly name: string };
  readonly model: {
    readonly url: string;
    readonly name: string;
    readonly sha256: string;
    readonly preprocessor: PreprocessorConfig;
  };
}

export interface SegmentAnswer {
  readonly classMap: ClassMap;
  readonly logits: Logits;
  /** `decode` is 0 where the picture was still decoded from the job before. */
  readonly timings: SegmentTimings & { readonly decode: number };
  /** Multiply-adds of this run; null where the graph could not be read. */
  readonly macs: number | null;
  /** Operators that `macs` leaves out. */
  readonly uncounted: readonly string[];
  readonly parameters: number | null;
  readonly inputWidth: number;
  readonly inputHeight: number;
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
  /** Sessions of all other models are released. */
  | { readonly type: 'keep'; readonly modelHashes: readonly string[] };

export type WorkerResponse =
  | { readonly type: 'done'; readonly id: number; readonly answer: SegmentAnswer }
  | { readonly type: 'failed'; readonly id: number; readonly problem: Problem };
