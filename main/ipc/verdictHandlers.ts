import type { Studio } from '../studio.ts';
import type { GroupHandlers } from './calls.ts';

export function verdictHandlers(studio: Studio): GroupHandlers<'verdicts'> {
  const { queue } = studio;
  return {
    'verdicts.list': ({ projectId }) => queue.run(() => studio.projectOf(projectId).store.verdicts()),
    'verdicts.regions': ({ projectId, imageId }) =>
      queue.run(() => studio.projectOf(projectId).store.verdictRegions(imageId)),
  };
}
