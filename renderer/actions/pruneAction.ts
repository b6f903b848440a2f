import type { Action } from './action.ts';
import { useDialog } from '../store/useDialog.ts';
import { useModels } from '../store/useModels.ts';

export const pruneAction: Action = {
  id: 'models.prune',
  label: 'Make a student without training',
  group: 'Models',
  hotkeys: [],
  enabled: () => useModels.getState().models.length > 0,
  run: () => useDialog.getState().show('prune'),
};
