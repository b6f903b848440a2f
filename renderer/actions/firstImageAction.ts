import type { Action } from './action.ts';
import { stepImage } from '../store/stepImage.ts';
import { useProject } from '../store/useProject.ts';

export const firstImageAction: Action = {
  id: 'image.first',
  label: 'First image',
  group: 'Project',
  hotkeys: ['Home'],
  enabled: () => useProject.getState().imageId !== null,
  run: () => stepImage(-Infinity),
  repeats: true,
};
