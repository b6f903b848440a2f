import type { Action } from './action.ts';
import { useView } from '../store/useView.ts';

export const showGatesAction: Action = {
  id: 'place.gates',
  label: 'Go to Gates',
  group: 'View',
  hotkeys: ['Alt+Digit4'],
  enabled: () => true,
  run: () => useView.getState().setPlace('gates'),
};
