import type { EventOf } from '#core/ipc/contract.ts';
import { countClasses, editClasses } from '../node/classEditor.ts';
import { ALONE } from '../node/serialQueue.ts';
import type { Studio } from '../studio.ts';
import type { GroupHandlers } from './calls.ts';
import { SingleWork } from './singleWork.ts';

/** One look over all masks at a time; `tell` hears how far it is. */
export function classHandlers(
  studio: Studio,
  tell: (progress: EventOf<'classes.progress'>) => void,
): GroupHandlers<'classes'> {
  const { queue } = studio;
  const work = new SingleWork({
    code: 'classes.busy',
    title: 'the classes are being counted or changed',
    hint: 'Wait until it is done, or cancel it',
  });
  return {
    'classes.usage': ({ projectId }) =>
      work.runOrNull((signal) =>
        queue.run(() => countClasses(studio.projectOf(projectId).store, { signal, onProgress: tell })),
      ),
    'classes.edit': ({ projectId, edit }) =>
      work
        .runOrNull((signal) =>
          queue.run(
            () => editClasses(studio.projectOf(projectId), edit, { signal, onProgress: tell }),
            ALONE,
          ),
        )
        .then((changed) => changed && { ...changed, imageIds: [...changed.imageIds] }),
    'classes.cancel': () => work.cancel(),
  };
}
