import type { Action } from './action.ts';
import { stepImage } from '../store/stepImage.ts';
import { useProject } from '../store/useProject.ts';

export const lastImageAction: Action = {
  id: 'image.last',
  label: 'Last image',
  group: 'Project',
  hotkeys: ['End'],
  enabled: () => useProject.getState().imageId !== null,
  run: () => stepImage(Infinity),
  repeats: true,
};
