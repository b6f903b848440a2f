import type { Studio } from '../studio.ts';
import type { GroupHandlers } from './calls.ts';

export function maskHandlers(studio: Studio): GroupHandlers<'mask'> {
  const { queue } = studio;
  return {
    'mask.open': ({ imageId }) => queue.run(() => studio.project.store.openMask(imageId)),
    'mask.commit': (request) => queue.run(() => studio.project.store.commitStep(request)),
    'mask.undo': ({ imageId }) => queue.run(() => studio.project.store.undo(imageId)),
    'mask.redo': ({ imageId }) => queue.run(() => studio.project.store.redo(imageId)),
  };
}
