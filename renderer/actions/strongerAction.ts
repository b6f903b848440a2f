import type { Action } from './action.ts';
import { useSettings } from '../store/useSettings.ts';

export const strongerAction: Action = {
  id: 'layers.stronger',
  label: 'Make the classes stronger',
  group: 'View',
  hotkeys: ['BracketRight'],
  places: ['compare'],
  enabled: () => true,
  run: () => {
    const { settings, change } = useSettings.getState();
    change({ overlayOpacity: Math.min(1, settings.overlayOpacity + 0.05) });
  },
  repeats: true,
};
