import type { Action } from './action.ts';
import { useDialog } from '../store/useDialog.ts';

export const hubAction: Action = {
  id: 'models.hub',
  label: 'Add a model of the Hugging Face Hub',
  group: 'Models',
  hotkeys: [],
  enabled: () => true,
  run: () => useDialog.getState().show('hub'),
};
