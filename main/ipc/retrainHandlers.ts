import { mapsTask } from '../node/modelMaps.ts';
import type { Studio } from '../studio.ts';
import type { GroupHandlers } from './calls.ts';

/** What models say of pictures, for the disputes of a retrain pack. */
export function retrainHandlers(studio: Studio): GroupHandlers<'retrain'> {
  return {
    'retrain.task': ({ projectId, imageId, models }) =>
      mapsTask(studio.projectOf(projectId), imageId, models),
    'retrain.keep': ({ projectId, model, ...output }) =>
      studio.queue.run(async () => {
        await studio.projectOf(projectId).store.modelMaps.put(model, output);
        return null;
      }),
  };
}
