import type { Action } from './action.ts';
import { useView } from '../store/useView.ts';

export const showOutlineAction: Action = {
  id: 'layers.outline',
  label: 'Show outlines over the image',
  group: 'View',
  hotkeys: ['Digit4'],
  places: ['compare'],
  enabled: () => true,
  run: () => useView.getState().setLayers('outline'),
};
