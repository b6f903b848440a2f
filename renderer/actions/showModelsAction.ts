import type { Action } from './action.ts';
import { useView } from '../store/useView.ts';

export const showModelsAction: Action = {
  id: 'place.models',
  label: 'Go to Models',
  group: 'View',
  hotkeys: ['Alt+Digit5'],
  enabled: () => true,
  run: () => useView.getState().setPlace('models'),
};
