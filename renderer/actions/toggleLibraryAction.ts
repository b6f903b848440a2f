import type { Action } from './action.ts';
import { useSettings } from '../store/useSettings.ts';
import { LIBRARY_WIDTH } from '../store/panelWidths.ts';

export const toggleLibraryAction: Action = {
  id: 'view.library',
  label: 'Show or hide the library',
  group: 'View',
  hotkeys: ['$mod+KeyB'],
  enabled: () => true,
  run: () => {
    const { settings, change } = useSettings.getState();
    change({ libraryWidth: settings.libraryWidth > 0 ? 0 : LIBRARY_WIDTH });
  },
};
