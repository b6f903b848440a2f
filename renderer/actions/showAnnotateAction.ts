import type { Action } from './action.ts';
import { useView } from '../store/useView.ts';

export const showAnnotateAction: Action = {
  id: 'place.annotate',
  label: 'Go to Annotate',
  group: 'View',
  hotkeys: ['Alt+Digit2'],
  enabled: () => true,
  run: () => useView.getState().setPlace('annotate'),
};
