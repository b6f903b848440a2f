import { useProject } from '../store/useProject.ts';
import type { Action } from './action.ts';
import { panBy } from '../canvas/viewport.ts';
import { changeZoom } from './changeZoom.ts';

/** CSS pixels. */
const STEP = 80;

export const panLeftAction: Action = {
  id: 'view.panLeft',
  label: 'Move the window left over the picture',
  group: 'View',
  hotkeys: ['Shift+ArrowLeft'],
  places: ['compare', 'annotate'],
  repeats: true,
  enabled: () => useProject.getState().imageId !== null,
  run: () => changeZoom((zoom, stage, image) => panBy(zoom, stage, image, STEP, 0)),
};
