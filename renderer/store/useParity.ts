import { create } from 'zustand';
import type { ModelParity } from '#core/ipc/schemas.ts';
import type { ModelInfo } from '#core/models/modelInfo.ts';
import { toProblem, type Problem } from '#core/problem.ts';
import { verifyModel } from '../inference/verifyModel.ts';
import { useModelFacts } from './useModelFacts.ts';
import { useProject } from './useProject.ts';
import { useSettings } from './useSettings.ts';

type ParityState =
  | { readonly status: 'waiting' }
  | { readonly status: 'running' }
  | { readonly status: 'failed'; readonly problem: Problem };

interface ParityStore {
  /** Of models that are being verified, or could not be, by their sha256. */
  readonly states: ReadonlyMap<string, ParityState>;
  /** Runs a model's forms on the probe picture and compares them; one model after the other. */
  readonly verify: (model: ModelInfo) => void;
}

let tail: Promise<void> = Promise.resolve();

/** What is under way; results are kept in the settings. */
export const useParity = create<ParityStore>()((set, get) => {
  const put = (sha256: string, state: ParityState | null): void => {
    const states = new Map(get().states);
    if (state) states.set(sha256, state);
    else states.delete(sha256);
    set({ states });
  };
  const work = async (model: ModelInfo): Promise<void> => {
    const { sha256, name } = model;
    put(sha256, { status: 'running' });
    try {
      const form = (await useModelFacts.getState().load(model)) ?? { optimised: false, reason: null };
      const result = await verifyModel(model, form);
      const version = useProject.getState().about?.version ?? '';
      const { settings, change } = useSettings.getState();
      change({ modelParity: { ...settings.modelParity, [sha256]: { version, ...result } } });
      put(sha256, null);
    } catch (error) {
      put(sha256, { status: 'failed', problem: toProblem(error, { code: 'verify.failed', subject: name }) });
    }
  };
  return {
    states: new Map(),
    verify(model) {
      const status = get().states.get(model.sha256)?.status;
      if (status === 'waiting' || status === 'running') return;
      put(model.sha256, { status: 'waiting' });
      tail = tail.then(() => work(model));
    },
  };
});

/** What was measured of a model by this version of the studio, or null. */
export function parityOf(
  sha256: string,
  parity: Readonly<Record<string, ModelParity>>,
  version: string | undefined,
): ModelParity | null {
  const found = parity[sha256];
  return found && found.version === version ? found : null;
}
