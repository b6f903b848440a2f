import { useProject } from '../store/useProject.ts';
import type { Action } from './action.ts';
import { panBy } from '../canvas/viewport.ts';
import { changeZoom } from './changeZoom.ts';

/** CSS pixels. */
const STEP = 80;

export const panRightAction: Action = {
  id: 'view.panRight',
  label: 'Move the window right over the picture',
  group: 'View',
  hotkeys: ['Shift+ArrowRight'],
  places: ['compare', 'annotate'],
  repeats: true,
  enabled: () => useProject.getState().imageId !== null,
  run: () => changeZoom((zoom, stage, image) => panBy(zoom, stage, image, -STEP, 0)),
};
