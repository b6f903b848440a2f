import type { StudioApi } from '#core/ipc/api.ts';
import type { Method, RequestOf, ResponseOf } from '#core/ipc/contract.ts';
import type { Outcome } from '#core/ipc/outcome.ts';
import { ProblemError } from '#core/problem.ts';

let override: StudioApi | null = null;

/** The bridge to the main process: `window.studio` of the preload script. */
export function studio(): StudioApi {
  if (override) return override;
  const found = (globalThis as { studio?: StudioApi }).studio;
  if (!found) {
    throw new ProblemError({
      code: 'app.no-bridge',
      title: 'the window was opened outside the studio',
      hint: 'Start it with npm start',
    });
  }
  return found;
}

/** Tests drive the stores against a main process of their own. */
export function setStudio(api: StudioApi | null): void {
  override = api;
}

/** `mask.commit` while the window waits; null where the main process is busy. Throws as `call` does. */
export function commitNow(request: RequestOf<'mask.commit'>): ResponseOf<'mask.commit'> | null {
  const outcome = studio().commitNow(request);
  if (!outcome) return null;
  if (outcome.ok) return outcome.value;
  throw new ProblemError(outcome.problem);
}

/** The value of a call; throws the ProblemError that the main process answered with. */
export async function call<M extends Method>(method: M, request: RequestOf<M>): Promise<ResponseOf<M>> {
  const outcome: Outcome<ResponseOf<M>> = await studio().call(method, request);
  if (outcome.ok) return outcome.value;
  throw new ProblemError(outcome.problem);
}
