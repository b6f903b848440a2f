import type { Page } from '@playwright/test';
import type { Method, RequestOf, ResponseOf } from '#core/ipc/contract.ts';
import type { Outcome } from '#core/ipc/outcome.ts';
import { ProblemError } from '#core/problem.ts';

/** `window.studio` of the preload script, for any call. */
interface Bridge {
  call(method: string, request: unknown): Promise<Outcome<unknown>>;
}

/** A call to the main process through the window's own bridge. Throws the ProblemError that it answers with. */
export async function callStudio<M extends Method>(
  page: Page,
  method: M,
  request: RequestOf<M>,
): Promise<ResponseOf<M>> {
  const outcome = await page.evaluate(
    ([name, asked]) => (window as unknown as { studio: Bridge }).studio.call(name, asked),
    [method, request as unknown] as const,
  );
  if (outcome.ok) return outcome.value as ResponseOf<M>;
  throw new ProblemError(outcome.problem);
}

/** The open project and its first evaluation. */
export async function firstRun(page: Page): Promise<{ projectId: string; runId: number }> {
  const { project } = await callStudio(page, 'app.start', {});
  const projectId = project.id;
  const [run] = await callStudio(page, 'evaluation.list', { projectId });
  return { projectId, runId: run!.id };
}
