import { create } from 'zustand';
import type { Problem } from '#core/problem.ts';

interface StoppedState {
  /** Models that are not run until somebody asks for it again, by their sha256, and why. */
  readonly aside: ReadonlyMap<string, Problem>;
  /** The sha256 of a model whose run the user wants to be stopped; the engine takes it. */
  readonly asked: string | null;
  readonly ask: (modelSha256: string | null) => void;
  readonly put: (modelSha256: string, problem: Problem) => void;
  /** It is run again. */
  readonly forget: (modelSha256: string) => void;
}

/** Models that hung or were stopped: they would only hang again on the next image. */
export const useStopped = create<StoppedState>()((set, get) => ({
  aside: new Map(),
  asked: null,
  ask: (asked) => set({ asked }),
  put(modelSha256, problem) {
    set({ aside: new Map(get().aside).set(modelSha256, problem) });
  },
  forget(modelSha256) {
    const aside = new Map(get().aside);
    aside.delete(modelSha256);
    set({ aside });
  },
}));

/** How a run ends that was stopped before it answered. */
const STOPPED_CODES: readonly string[] = ['inference.tooLong', 'inference.stopped'];

export const wasStopped = ({ code }: Problem): boolean => STOPPED_CODES.includes(code);
