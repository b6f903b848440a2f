import { create } from 'zustand';
import type { EventOf } from '#core/ipc/contract.ts';
import type { HubListing } from '#core/models/hubRepository.ts';
import type { ModelInfo } from '#core/models/modelInfo.ts';
import { toProblem, type Problem } from '#core/problem.ts';
import { call } from './studio.ts';
import { useModels } from './useModels.ts';
import { useParity } from './useParity.ts';
import { useToasts } from './useToasts.ts';

type HubProgress = EventOf<'hub.progress'>;

interface Loading {
  readonly listing: HubListing;
  /** The ONNX file. */
  readonly variant: string;
  readonly progress: HubProgress | null;
  /** When bytes were first told of, how many were here by then, and when they were told of last: for the speed. */
  readonly since: { readonly time: number; readonly done: number; readonly now: number } | null;
}

export type HubJob =
  | { readonly status: 'idle' }
  | { readonly status: 'looking' }
  | { readonly status: 'listed'; readonly listing: HubListing }
  | ({ readonly status: 'loading' } & Loading)
  | { readonly status: 'added'; readonly model: ModelInfo }
  | { readonly status: 'failed'; readonly problem: Problem; readonly listing: HubListing | null };

interface HubState {
  /** What was typed. */
  readonly address: string;
  readonly job: HubJob;
  /** True while the dialog shows it; otherwise its end is told in a toast. */
  readonly shown: boolean;
  readonly type: (address: string) => void;
  readonly show: (shown: boolean) => void;
  /** Asks what a repository has. */
  readonly look: () => Promise<void>;
  /** Downloads one of its ONNX files, and adds it to the models. */
  readonly load: (listing: HubListing, variant: string) => Promise<void>;
  readonly cancel: () => void;
  readonly tell: (progress: HubProgress) => void;
  /** Back to what can be chosen; nothing while something runs. */
  readonly back: () => void;
}

const fail = (error: unknown, subject: string, listing: HubListing | null): HubJob => ({
  status: 'failed',
  problem: toProblem(error, { code: 'hub.failed', subject }),
  listing,
});

/** What was thrown away is not gone on with. */
const DISCARDED = ['hub.hash', 'hub.size'];

/** The listing after a download that did not come to its end: what is here is gone on with. */
function begun(listing: HubListing, variant: string, job: HubJob, error?: unknown): HubListing {
  const progress = job.status === 'loading' ? job.progress : null;
  const { code } = toProblem(error, { code: 'hub.failed' });
  if (progress?.file !== variant) return listing;
  const here = DISCARDED.includes(code) ? 'no' : 'part';
  const variants = listing.variants.map((one) => (one.file === variant ? ({ ...one, here } as const) : one));
  return { ...listing, variants };
}

/** The one look or download that is under way; it goes on while its dialog is closed. */
export const useHub = create<HubState>()((set, get) => ({
  address: '',
  job: { status: 'idle' },
  shown: false,
  type: (address) => set({ address }),
  show: (shown) => set({ shown }),
  async look() {
    const { address } = get();
    set({ job: { status: 'looking' } });
    try {
      const listing = await call('hub.look', { address });
      set({ job: listing ? { status: 'listed', listing } : { status: 'idle' } });
    } catch (error) {
      set({ job: fail(error, address, null) });
    }
  },
  async load(listing, variant) {
    set({ job: { status: 'loading', listing, variant, progress: null, since: null } });
    try {
      const address = `${listing.repository}@${listing.revision}`;
      const model = await call('hub.add', { address, variant });
      if (!model) {
        set({ job: { status: 'listed', listing: begun(listing, variant, get().job) } });
        return;
      }
      useModels.getState().addModel(model);
      set({ job: { status: 'added', model } });
      if (model.mapping !== null) useParity.getState().verify(model);
      if (!get().shown) useToasts.getState().show({ kind: 'info', title: `${model.name} was added` });
    } catch (error) {
      const job = fail(error, listing.repository, begun(listing, variant, get().job, error));
      set({ job });
      if (!get().shown && job.status === 'failed') useToasts.getState().showProblem(job.problem);
    }
  },
  cancel() {
    void call('hub.cancel', {}).catch(() => undefined);
  },
  tell(progress) {
    const { job } = get();
    if (job.status !== 'loading') return;
    const now = performance.now();
    const { time, done } = job.since ?? { time: now, done: progress.done };
    set({ job: { ...job, progress, since: { time, done, now } } });
  },
  back() {
    const { job } = get();
    if (job.status === 'looking' || job.status === 'loading') return;
    const listing = job.status === 'failed' ? job.listing : null;
    set({ job: listing ? { status: 'listed', listing } : { status: 'idle' } });
  },
}));
