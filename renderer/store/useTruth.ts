import { create } from 'zustand';
import type { TruthMask } from '#core/ipc/schemas.ts';
import { toProblem, type Problem } from '#core/problem.ts';
import { call } from './studio.ts';

export type TruthState =
  | { readonly status: 'loading' }
  /** `mask` is null where the image has no ground truth. */
  | { readonly status: 'ready'; readonly mask: TruthMask | null }
  | { readonly status: 'failed'; readonly problem: Problem };

interface TruthsState {
  readonly truths: ReadonlyMap<number, TruthState>;
  /** Reads the ground truth of an image once. */
  readonly load: (imageId: number) => Promise<TruthMask | null>;
  readonly clear: () => void;
}

/** Masks kept; the one read longest ago goes first. */
const KEPT = 12;

export const useTruth = create<TruthsState>()((set, get) => {
  const put = (imageId: number, state: TruthState): void => {
    const truths = new Map(get().truths);
    truths.delete(imageId);
    truths.set(imageId, state);
    for (const old of truths.keys()) {
      if (truths.size <= KEPT) break;
      truths.delete(old);
    }
    set({ truths });
  };
  const pending = new Map<number, Promise<TruthMask | null>>();
  return {
    truths: new Map(),
    async load(imageId) {
      const known = get().truths.get(imageId);
      if (known?.status === 'ready') return known.mask;
      const running = pending.get(imageId);
      if (running) return running;
      put(imageId, { status: 'loading' });
      const reading = call('truth.read', { imageId })
        .then(
          (mask) => {
            put(imageId, { status: 'ready', mask });
            return mask;
          },
          (error: unknown) => {
            put(imageId, { status: 'failed', problem: toProblem(error, { code: 'truth.read' }) });
            return null;
          },
        )
        .finally(() => pending.delete(imageId));
      pending.set(imageId, reading);
      return reading;
    },
    clear() {
      pending.clear();
      set({ truths: new Map() });
    },
  };
});
