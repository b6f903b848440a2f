import type { PrunedModel, PruneMethod, PruneProgress } from '#core/prune/pruneReport.ts';
import type { PreprocessorConfig } from '#core/models/modelInfo.ts';
import type { Problem } from '#core/problem.ts';

/** All that a pruning worker is told: it does this one job, and a worker that is ended is a job that is cancelled. */
export interface PruneJob {
  /** Where onnxruntime's WebAssembly is, with a slash at the end. */
  readonly runtimeUrl: string;
  readonly threads: number;
  readonly model: {
    /** Of the file as it was opened. */
    readonly url: string;
    readonly name: string;
    readonly preprocessor: PreprocessorConfig;
  };
  readonly images: readonly { readonly url: string; readonly name: string }[];
  readonly budget: number;
  readonly method: PruneMethod;
}

export type PruneMessage =
  | { readonly type: 'progress'; readonly progress: PruneProgress }
  | { readonly type: 'done'; readonly student: PrunedModel }
  | { readonly type: 'failed'; readonly problem: Problem };
