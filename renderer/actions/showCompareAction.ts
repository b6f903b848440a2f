import type { Action } from './action.ts';
import { useView } from '../store/useView.ts';

export const showCompareAction: Action = {
  id: 'place.compare',
  label: 'Go to Compare',
  group: 'View',
  hotkeys: ['Alt+Digit1'],
  enabled: () => true,
  run: () => useView.getState().setPlace('compare'),
};
