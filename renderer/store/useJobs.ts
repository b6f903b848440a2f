import { create } from 'zustand';
import type { RetrainOptions } from '#core/formats/retrainOptions.ts';
import type { RequestOf } from '#core/ipc/contract.ts';
import type { ExportSummary } from '#core/ipc/schemas.ts';
import { toProblem, type Problem } from '#core/problem.ts';
import { call } from './studio.ts';
import { useProject } from './useProject.ts';

export type ExportRequest = Omit<RequestOf<'export.run'>, 'retrain'> & { readonly retrain?: RetrainOptions };

export type ExportJob =
  | { readonly status: 'idle' }
  | {
      readonly status: 'running';
      readonly request: ExportRequest;
      readonly done: number;
      readonly total: number;
      readonly current: string;
      readonly cancelling: boolean;
      /** The models look at the pictures before anything is written. */
      readonly looking: boolean;
    }
  | { readonly status: 'finished'; readonly summary: ExportSummary }
  | { readonly status: 'failed'; readonly request: ExportRequest; readonly problem: Problem };

/** Runs the models of an export that weighs on what they were not run on, and answers what went wrong, by image. */
export type LookThrough = (
  retrain: RetrainOptions,
  about: {
    readonly signal: AbortSignal;
    readonly tell: (progress: { done: number; total: number; current: string }) => void;
  },
) => Promise<readonly Problem[]>;

interface JobsState {
  readonly exportJob: ExportJob;
  /** Whoever runs models; null until it is there. */
  readonly lookThrough: LookThrough | null;
  readonly runExport: (request: ExportRequest) => Promise<void>;
  readonly cancelExport: () => Promise<void>;
  /** What `export.progress` said. */
  progressExport(progress: { done: number; total: number; current: string }): void;
  readonly forgetExport: () => void;
}

let looking = new AbortController();

export const useJobs = create<JobsState>()((set, get) => ({
  exportJob: { status: 'idle' },
  lookThrough: null,
  async runExport(request) {
    if (get().exportJob.status === 'running') return;
    const { retrain } = request;
    const begun = { request, done: 0, total: 0, current: '', cancelling: false };
    set({ exportJob: { status: 'running', ...begun, looking: retrain !== undefined } });
    const { signal } = (looking = new AbortController());
    try {
      const tell: Parameters<LookThrough>[1]['tell'] = (progress) => get().progressExport(progress);
      const looked = (retrain && (await get().lookThrough?.(retrain, { signal, tell }))) ?? [];
      if (retrain) set({ exportJob: { status: 'running', ...begun, looking: false } });
      const summary = await call('export.run', request);
      set({ exportJob: { status: 'finished', summary: withReasons(summary, looked) } });
    } catch (error) {
      if (signal.aborted) {
        set({ exportJob: { status: 'finished', summary: cancelledBefore(request.folder) } });
        return;
      }
      const problem = toProblem(error, { code: 'export.failed', subject: request.folder });
      set({ exportJob: { status: 'failed', request, problem } });
    }
  },
  async cancelExport() {
    const job = get().exportJob;
    if (job.status !== 'running') return;
    set({ exportJob: { ...job, cancelling: true } });
    if (job.looking) looking.abort();
    else await call('export.cancel', {});
  },
  progressExport(progress) {
    const job = get().exportJob;
    if (job.status === 'running') set({ exportJob: { ...job, ...progress } });
  },
  forgetExport() {
    if (get().exportJob.status !== 'running') set({ exportJob: { status: 'idle' } });
  },
}));

const cancelledBefore = (folder: string): ExportSummary => {
  const total = useProject.getState().project?.images.filter(({ hasMask }) => hasMask).length ?? 0;
  return { folder, written: 0, total, cancelled: true, problems: [] };
};

/** Says why nothing is known of an image, where the models told. */
function withReasons(summary: ExportSummary, looked: readonly Problem[]): ExportSummary {
  const reasons = new Map(looked.map((problem) => [problem.subject, problem]));
  const problems = summary.problems.map((problem) =>
    problem.code === 'retrain.unknown' ? (reasons.get(problem.subject) ?? problem) : problem,
  );
  return { ...summary, problems };
}
