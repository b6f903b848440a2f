import type { Action } from './action.ts';
import { useView } from '../store/useView.ts';

export const swipeAction: Action = {
  id: 'layout.swipe',
  label: 'Compare with a swipe over one picture',
  group: 'Compare',
  hotkeys: ['KeyX'],
  places: ['compare'],
  enabled: () => true,
  run: () => useView.getState().setLayout('swipe'),
};
