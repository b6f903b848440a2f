import type { Action } from './action.ts';
import { useView } from '../store/useView.ts';

export const peekAction: Action = {
  id: 'view.peek',
  label: 'Hold: the bare image',
  group: 'View',
  hotkeys: ['KeyH'],
  enabled: () => true,
  run: () => useView.getState().setPeeking(true),
  places: ['compare', 'annotate', 'gates'],
  release: () => useView.getState().setPeeking(false),
};
