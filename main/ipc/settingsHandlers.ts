import type { Studio } from '../studio.ts';
import type { GroupHandlers } from './calls.ts';

export function settingsHandlers(studio: Studio): GroupHandlers<'settings'> {
  return {
    'settings.save': async ({ settings }) => {
      await studio.saveSettings(settings);
      return null;
    },
  };
}
