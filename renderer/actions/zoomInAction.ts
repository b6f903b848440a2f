import { useProject } from '../store/useProject.ts';
import type { Action } from './action.ts';
import { changeZoom, middleOf } from './changeZoom.ts';
import { zoomAt } from '../canvas/viewport.ts';

const STEP = 1.25;

export const zoomInAction: Action = {
  id: 'view.zoomIn',
  label: 'Zoom in',
  group: 'View',
  hotkeys: ['Shift+Equal', '$mod+Equal'],
  places: ['compare', 'annotate', 'gates'],
  repeats: true,
  enabled: () => useProject.getState().imageId !== null,
  run: () => changeZoom((zoom, stage, image) => zoomAt(zoom, stage, image, middleOf(stage), STEP)),
};
