import type { EventName, EventOf, Method, RequestOf, ResponseOf } from './contract.ts';
import type { Outcome } from './outcome.ts';

/** What the preload script puts on `window.studio`. */
export interface StudioApi {
  call<M extends Method>(method: M, request: RequestOf<M>): Promise<Outcome<ResponseOf<M>>>;
  /** `mask.commit` at once: see COMMIT_CHANNEL. */
  commitNow(request: RequestOf<'mask.commit'>): Outcome<ResponseOf<'mask.commit'>> | null;
  /** Returns the function that stops listening. */
  on<E extends EventName>(event: E, listener: (payload: EventOf<E>) => void): () => void;
  /** Absolute path of a dropped file or folder, `''` where the platform does not say. */
  pathForFile(file: unknown): string;
}
