import type { Studio } from '../studio.ts';
import type { GroupHandlers } from './calls.ts';

export function maskHandlers(studio: Studio): GroupHandlers<'mask'> {
  const { queue } = studio;
  return {
    'mask.open': ({ projectId, imageId }) =>
      queue.run(() => studio.projectOf(projectId).store.openMask(imageId)),
    'mask.commit': ({ projectId, ...step }) =>
      queue.run(() => studio.projectOf(projectId).store.commitStep(step)),
    'mask.undo': ({ projectId, imageId }) => queue.run(() => studio.projectOf(projectId).store.undo(imageId)),
    'mask.redo': ({ projectId, imageId }) => queue.run(() => studio.projectOf(projectId).store.redo(imageId)),
  };
}
