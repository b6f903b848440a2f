import type { Action } from './action.ts';
import { useView } from '../store/useView.ts';

export const showMaskAction: Action = {
  id: 'layers.mask',
  label: 'Show the classes alone',
  group: 'View',
  hotkeys: ['Digit2'],
  places: ['compare'],
  enabled: () => true,
  run: () => useView.getState().setLayers('mask'),
};
