import { useProject } from '../store/useProject.ts';
import type { Action } from './action.ts';
import { panBy } from '../canvas/viewport.ts';
import { changeZoom } from './changeZoom.ts';

/** CSS pixels. */
const STEP = 80;

export const panUpAction: Action = {
  id: 'view.panUp',
  label: 'Move the window up over the picture',
  group: 'View',
  hotkeys: ['Shift+ArrowUp'],
  places: ['compare', 'annotate'],
  repeats: true,
  enabled: () => useProject.getState().imageId !== null,
  run: () => changeZoom((zoom, stage, image) => panBy(zoom, stage, image, 0, STEP)),
};
