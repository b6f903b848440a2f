import type { Action } from './action.ts';
import { useView } from '../store/useView.ts';

export const showOverlayAction: Action = {
  id: 'layers.overlay',
  label: 'Show the classes over the image',
  group: 'View',
  hotkeys: ['Digit3'],
  places: ['compare'],
  enabled: () => true,
  run: () => useView.getState().setLayers('overlay'),
};
