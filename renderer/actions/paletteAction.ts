import type { Action } from './action.ts';
import { useDialog } from '../store/useDialog.ts';

export const paletteAction: Action = {
  id: 'help.palette',
  label: 'Find a command',
  group: 'Help',
  hotkeys: ['$mod+KeyK'],
  enabled: () => true,
  run: () => useDialog.getState().show('palette'),
};
