import type { Action } from './action.ts';
import { useSettings } from '../store/useSettings.ts';

export const themeAction: Action = {
  id: 'view.theme',
  label: 'Switch between dark and light',
  group: 'View',
  hotkeys: [],
  enabled: () => true,
  run: () => {
    const { settings, change } = useSettings.getState();
    change({ theme: settings.theme === 'light' ? 'dark' : 'light' });
  },
};
