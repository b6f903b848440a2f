import type { Action } from './action.ts';
import { stepImage } from '../store/stepImage.ts';
import { useProject } from '../store/useProject.ts';

export const previousImageAction: Action = {
  id: 'image.previous',
  label: 'Previous image',
  group: 'Project',
  hotkeys: ['ArrowLeft', 'ArrowUp', 'KeyA'],
  enabled: () => useProject.getState().imageId !== null,
  run: () => stepImage(-1),
  repeats: true,
};
