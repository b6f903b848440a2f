import type { Action } from './action.ts';
import { useView } from '../store/useView.ts';

export const showEvaluateAction: Action = {
  id: 'place.evaluate',
  label: 'Go to Evaluate',
  group: 'View',
  hotkeys: ['Alt+Digit3'],
  enabled: () => true,
  run: () => useView.getState().setPlace('evaluate'),
};
