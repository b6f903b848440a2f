import { create } from 'zustand';
import type { RequestOf } from '#core/ipc/contract.ts';
import type { ExportSummary } from '#core/ipc/schemas.ts';
import { toProblem, type Problem } from '#core/problem.ts';
import { call } from './studio.ts';

export type ExportRequest = RequestOf<'export.run'>;

export type ExportJob =
  | { readonly status: 'idle' }
  | {
      readonly status: 'running';
      readonly request: ExportRequest;
      readonly done: number;
      readonly total: number;
      readonly current: string;
      readonly cancelling: boolean;
    }
  | { readonly status: 'finished'; readonly summary: ExportSummary }
  | { readonly status: 'failed'; readonly request: ExportRequest; readonly problem: Problem };

interface JobsState {
  readonly exportJob: ExportJob;
  readonly runExport: (request: ExportRequest) => Promise<void>;
  readonly cancelExport: () => Promise<void>;
  /** What `export.progress` said. */
  progressExport(progress: { done: number; total: number; current: string }): void;
  readonly forgetExport: () => void;
}

export const useJobs = create<JobsState>()((set, get) => ({
  exportJob: { status: 'idle' },
  async runExport(request) {
    if (get().exportJob.status === 'running') return;
    set({ exportJob: { status: 'running', request, done: 0, total: 0, current: '', cancelling: false } });
    try {
      set({ exportJob: { status: 'finished', summary: await call('export.run', request) } });
    } catch (error) {
      const problem = toProblem(error, { code: 'export.failed', subject: request.folder });
      set({ exportJob: { status: 'failed', request, problem } });
    }
  },
  async cancelExport() {
    const job = get().exportJob;
    if (job.status !== 'running') return;
    set({ exportJob: { ...job, cancelling: true } });
    await call('export.cancel', {});
  },
  progressExport(progress) {
    const job = get().exportJob;
    if (job.status === 'running') set({ exportJob: { ...job, ...progress } });
  },
  forgetExport() {
    if (get().exportJob.status !== 'running') set({ exportJob: { status: 'idle' } });
  },
}));
