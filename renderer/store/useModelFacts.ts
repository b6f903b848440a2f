import { create } from 'zustand';
import type { ResponseOf } from '#core/ipc/contract.ts';
import type { ModelInfo } from '#core/models/modelInfo.ts';
import { call } from './studio.ts';

export type ShownFacts = ResponseOf<'models.facts'>;

interface FactsState {
  /** By the sha256 of the model; null: its graph could not be read. */
  readonly facts: ReadonlyMap<string, ShownFacts | null>;
  /** Those of a model, read once. */
  readonly load: (model: ModelInfo) => Promise<ShownFacts | null>;
}

const loading = new Map<string, Promise<ShownFacts | null>>();

/** What the graphs of the listed models are; read when somebody looks. */
export const useModelFacts = create<FactsState>()((set, get) => ({
  facts: new Map(),
  load({ id, sha256 }) {
    const known = get().facts.get(sha256);
    if (known !== undefined) return Promise.resolve(known);
    const under = loading.get(sha256);
    if (under) return under;
    const work = call('models.facts', { modelId: id })
      // What cannot be read says so where the model is listed.
      .catch(() => null)
      .then((facts) => {
        loading.delete(sha256);
        set({ facts: new Map(get().facts).set(sha256, facts) });
        return facts;
      });
    loading.set(sha256, work);
    return work;
  },
}));
