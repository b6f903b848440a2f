import type { Action } from './action.ts';
import { stepImage } from '../store/stepImage.ts';
import { useProject } from '../store/useProject.ts';

export const nextImageAction: Action = {
  id: 'image.next',
  label: 'Next image',
  group: 'Project',
  hotkeys: ['ArrowRight', 'ArrowDown', 'KeyD'],
  enabled: () => useProject.getState().imageId !== null,
  run: () => stepImage(1),
  repeats: true,
};
