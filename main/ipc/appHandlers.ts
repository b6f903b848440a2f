import type { Studio } from '../studio.ts';
import type { GroupHandlers } from './calls.ts';

/** The first call of a window: everything that it shows before the user does anything. */
export function appHandlers(studio: Studio, version: string): GroupHandlers<'app'> {
  return {
    'app.start': async () => {
      await studio.start();
      return {
        version,
        electron: process.versions.electron,
        chrome: process.versions.chrome,
        project: studio.summary(),
        models: [...studio.modelList()],
        settings: await studio.settings(),
        recent: await studio.recent(),
      };
    },
  };
}
