import { useMask } from '../../store/useMask.ts';
import type { Action } from '../action.ts';

export const retrySave: Action = {
  id: 'mask.retry',
  label: 'Try again to save the mask',
  group: 'Annotate',
  hotkeys: [],
  enabled: () => useMask.getState().saving === 'unsaved',
  run: () => useMask.getState().retry(),
};
