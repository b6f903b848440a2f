import type { Action } from './action.ts';
import { useView } from '../store/useView.ts';

export const sideBySideAction: Action = {
  id: 'layout.side',
  label: 'Compare side by side',
  group: 'Compare',
  hotkeys: ['KeyZ'],
  places: ['compare'],
  enabled: () => true,
  run: () => useView.getState().setLayout('side'),
};
