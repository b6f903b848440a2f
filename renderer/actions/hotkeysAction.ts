import type { Action } from './action.ts';
import { useDialog } from '../store/useDialog.ts';

export const hotkeysAction: Action = {
  id: 'help.hotkeys',
  label: 'Show all keys',
  group: 'Help',
  hotkeys: ['Shift+?', '?'],
  enabled: () => true,
  run: () => useDialog.getState().show('hotkeys'),
};
