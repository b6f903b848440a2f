import type { Action } from './action.ts';
import { useView } from '../store/useView.ts';

export const differenceAction: Action = {
  id: 'layout.difference',
  label: 'Show only where they disagree',
  group: 'Compare',
  hotkeys: ['KeyC'],
  places: ['compare'],
  enabled: () => true,
  run: () => useView.getState().setLayout('difference'),
};
