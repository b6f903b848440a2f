import { create } from 'zustand';
import type { ImageEntry } from '#core/ipc/schemas.ts';
import type { ModelInfo } from '#core/models/modelInfo.ts';
import { toProblem, type Problem } from '#core/problem.ts';
import type { PruneMethod, PruneProgress, PruneReport } from '#core/prune/pruneReport.ts';
import { spreadImages } from '#core/prune/spreadImages.ts';
import type { PruneJob, PruneMessage } from '../../inference/pruneProtocol.ts';
import { runtimeSetup } from '../../inference/runtimeSetup.ts';
import { call } from '../../store/studio.ts';
import { useModels } from '../../store/useModels.ts';

/** What the user asks for. */
export interface PruneWish {
  readonly teacher: ModelInfo;
  readonly images: readonly ImageEntry[];
  readonly budget: number;
  readonly method: PruneMethod;
  readonly folder: string;
}

export type PruneState =
  | { readonly status: 'idle' }
  | { readonly status: 'running'; readonly wish: PruneWish; readonly progress: PruneProgress | null }
  | { readonly status: 'writing'; readonly wish: PruneWish }
  | { readonly status: 'finished'; readonly model: ModelInfo; readonly report: PruneReport }
  | { readonly status: 'failed'; readonly wish: PruneWish; readonly problem: Problem };

interface PruneJobState {
  readonly job: PruneState;
  /** What was asked for last: the form begins with it. */
  readonly last: PruneWish | null;
  /** One job at a time. */
  readonly start: (wish: PruneWish) => void;
  /** Ends the worker: nothing is written. */
  readonly cancel: () => void;
  readonly forget: () => void;
}

let worker: Worker | null = null;

/** Pruning goes on while its dialog is hidden. */
export const usePruneJob = create<PruneJobState>()((set, get) => ({
  job: { status: 'idle' },
  last: null,
  start(wish) {
    if (worker) return;
    const own = new Worker(new URL('../../inference/worker/pruneWorker.ts', import.meta.url), {
      type: 'module',
    });
    worker = own;
    set({ job: { status: 'running', wish, progress: null }, last: wish });
    const end = (job: PruneState): void => {
      own.terminate();
      if (worker !== own) return;
      worker = null;
      set({ job });
    };
    own.addEventListener('message', ({ data }: MessageEvent<PruneMessage>) => {
      if (worker !== own) return;
      switch (data.type) {
        case 'progress':
          set({ job: { status: 'running', wish, progress: data.progress } });
          return;
        case 'failed':
          end({ status: 'failed', wish, problem: data.problem });
          return;
        case 'done':
          end({ status: 'writing', wish });
          void write(wish, data.student).then((job) => set({ job }));
          return;
      }
    });
    own.addEventListener('error', (event) => {
      const problem: Problem = {
        code: 'prune.crashed',
        severity: 'error',
        title: 'the worker broke down',
        detail: event.message,
      };
      end({ status: 'failed', wish, problem });
    });
    own.postMessage(jobOf(wish));
  },
  cancel() {
    if (get().job.status !== 'running') return;
    worker?.terminate();
    worker = null;
    set({ job: { status: 'idle' } });
  },
  forget() {
    const { status } = get().job;
    if (status === 'finished' || status === 'failed') set({ job: { status: 'idle' } });
  },
}));

function jobOf({ teacher, images, budget, method }: PruneWish): PruneJob {
  return {
    ...runtimeSetup(),
    model: {
      url: `${teacher.onnxUrl}?form=original`,
      name: teacher.name,
      preprocessor: teacher.preprocessor,
    },
    images: spreadImages(images.length).map((at) => ({ url: images[at]!.url, name: images[at]!.name })),
    budget,
    method,
  };
}

async function write(
  wish: PruneWish,
  student: Extract<PruneMessage, { type: 'done' }>['student'],
): Promise<PruneState> {
  try {
    const { teacher, folder } = wish;
    const model = await call('prune.write', { teacherId: teacher.id, folder, student });
    useModels.getState().addModel(model);
    usePruneJob.setState({ last: null });
    return { status: 'finished', model, report: student.report };
  } catch (error) {
    return {
      status: 'failed',
      wish,
      problem: toProblem(error, { code: 'prune.write', subject: wish.folder }),
    };
  }
}
