import type { Action } from './action.ts';
import { useView } from '../store/useView.ts';

export const swipeLeftAction: Action = {
  id: 'swipe.left',
  label: 'Move the swipe to the left',
  group: 'Compare',
  hotkeys: ['Comma'],
  places: ['compare'],
  enabled: () => useView.getState().layout === 'swipe',
  run: () => useView.getState().setSwipe(useView.getState().swipe - 0.02),
  repeats: true,
};
