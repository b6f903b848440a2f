import type { Action } from './action.ts';
import { useProject } from '../store/useProject.ts';

export const filterAction: Action = {
  id: 'library.filter',
  label: 'Find an image by name',
  group: 'Project',
  hotkeys: ['/'],
  enabled: () => useProject.getState().project !== null,
  run: () => document.querySelector<HTMLInputElement>('[data-focus="library-filter"]')?.focus(),
};
