import type { Action } from './action.ts';
import { useFolderRun } from '../store/useFolderRun.ts';
import { useProject } from '../store/useProject.ts';

export const compareFolderAction: Action = {
  id: 'compare.folder',
  label: 'Compare the whole folder',
  group: 'Compare',
  hotkeys: [],
  enabled: () => useProject.getState().project !== null && !useFolderRun.getState().wanted,
  run: () => useFolderRun.getState().begin(),
};
