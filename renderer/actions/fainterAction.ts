import type { Action } from './action.ts';
import { useSettings } from '../store/useSettings.ts';

export const fainterAction: Action = {
  id: 'layers.fainter',
  label: 'Make the classes fainter',
  group: 'View',
  hotkeys: ['BracketLeft'],
  places: ['compare'],
  enabled: () => true,
  run: () => {
    const { settings, change } = useSettings.getState();
    change({ overlayOpacity: Math.max(0, settings.overlayOpacity - 0.05) });
  },
  repeats: true,
};
