import type { ShardLine } from '#core/evaluation/shardFile.ts';
import type { Problem } from '#core/problem.ts';
import type { EvaluationJob, JobImage } from './evaluationJob.ts';

export type WorkerMessage =
  | { readonly type: 'job'; readonly job: EvaluationJob }
  | { readonly type: 'image'; readonly image: JobImage };

export type WorkerAnswer =
  | { readonly type: 'ready' }
  | { readonly type: 'failed'; readonly problem: Problem }
  | { readonly type: 'line'; readonly line: ShardLine };
