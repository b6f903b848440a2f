import { useProject } from '../store/useProject.ts';
import type { Action } from './action.ts';
import { actualSize } from '../canvas/viewport.ts';
import { changeZoom } from './changeZoom.ts';

export const actualSizeAction: Action = {
  id: 'view.actualSize',
  label: 'Show the picture at its actual size',
  group: 'View',
  hotkeys: ['$mod+Digit1'],
  places: ['compare', 'annotate', 'gates'],
  enabled: () => useProject.getState().imageId !== null,
  run: () => changeZoom(actualSize),
};
