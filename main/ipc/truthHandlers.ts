import type { Studio } from '../studio.ts';
import type { GroupHandlers } from './calls.ts';
import type { Choose } from './chooseFolder.ts';

export function truthHandlers(studio: Studio, choose: Choose): GroupHandlers<'truth'> {
  return {
    'truth.choose': async () => {
      const { folder: defaultPath } = studio.project.listing;
      const folder = await choose({ title: 'Choose the ground-truth masks', button: 'Choose', defaultPath });
      if (folder === null) return null;
      await studio.project.chooseTruth(folder);
      return studio.summary();
    },
    'truth.read': ({ imageId }) => studio.project.readTruth(imageId),
  };
}
