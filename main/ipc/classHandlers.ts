import type { EventOf } from '#core/ipc/contract.ts';
import { ProblemError } from '#core/problem.ts';
import { countClasses, editClasses } from '../node/classEditor.ts';
import type { Studio } from '../studio.ts';
import type { GroupHandlers } from './calls.ts';

/** One look over all masks at a time; `tell` hears how far it is. */
export function classHandlers(
  studio: Studio,
  tell: (progress: EventOf<'classes.progress'>) => void,
): GroupHandlers<'classes'> {
  const { queue } = studio;
  let running: AbortController | null = null;
  const cancellable = async <T>(work: (signal: AbortSignal) => Promise<T>): Promise<T | null> => {
    if (running) {
      throw new ProblemError({
        code: 'classes.busy',
        title: 'the classes are being counted or changed',
        hint: 'Wait until it is done, or cancel it',
      });
    }
    const abort = new AbortController();
    running = abort;
    try {
      return await work(abort.signal);
    } catch (error) {
      if (abort.signal.aborted) return null;
      throw error;
    } finally {
      running = null;
    }
  };
  return {
    'classes.usage': ({ projectId }) =>
      cancellable((signal) =>
        queue.run(() => countClasses(studio.projectOf(projectId).store, { signal, onProgress: tell })),
      ),
    'classes.edit': ({ projectId, edit }) =>
      cancellable((signal) =>
        queue.run(() => editClasses(studio.projectOf(projectId), edit, { signal, onProgress: tell })),
      ).then((changed) => changed && { ...changed, imageIds: [...changed.imageIds] }),
    'classes.cancel': () => {
      running?.abort();
      return null;
    },
  };
}
