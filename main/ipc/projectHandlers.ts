import type { Studio } from '../studio.ts';
import type { GroupHandlers } from './calls.ts';
import type { Choose } from './chooseFolder.ts';

export function projectHandlers(studio: Studio, choose: Choose): GroupHandlers<'project'> {
  return {
    'project.open': ({ folder }) => studio.open(folder),
    'project.choose': async () => {
      const folder = await choose({ title: 'Open a folder of images', button: 'Open' });
      return folder === null ? null : studio.open(folder);
    },
    'project.recent': () => studio.recent(),
  };
}
