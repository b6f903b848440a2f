import type { Action } from './action.ts';
import { useDialog } from '../store/useDialog.ts';
import { useProject } from '../store/useProject.ts';

export const importAction: Action = {
  id: 'import.open',
  label: 'Import masks of another tool',
  group: 'Project',
  hotkeys: [],
  enabled: () => useProject.getState().project !== null,
  run: () => useDialog.getState().show('import'),
};
