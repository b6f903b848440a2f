import type { Action } from './action.ts';
import { useView } from '../store/useView.ts';

export const showImageAction: Action = {
  id: 'layers.image',
  label: 'Show the image alone',
  group: 'View',
  hotkeys: ['Digit1'],
  places: ['compare'],
  enabled: () => true,
  run: () => useView.getState().setLayers('image'),
};
