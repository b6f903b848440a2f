import type { Action } from './action.ts';
import { useDialog } from '../store/useDialog.ts';
import { useProject } from '../store/useProject.ts';

export const exportAction: Action = {
  id: 'export.open',
  label: 'Export the corrected masks',
  group: 'Project',
  hotkeys: ['$mod+Shift+KeyE'],
  enabled: () => useProject.getState().project !== null,
  run: () => useDialog.getState().show('export'),
};
