import type { Action } from './action.ts';
import { useView } from '../store/useView.ts';

export const swipeRightAction: Action = {
  id: 'swipe.right',
  label: 'Move the swipe to the right',
  group: 'Compare',
  hotkeys: ['Period'],
  places: ['compare'],
  enabled: () => useView.getState().layout === 'swipe',
  run: () => useView.getState().setSwipe(useView.getState().swipe + 0.02),
  repeats: true,
};
