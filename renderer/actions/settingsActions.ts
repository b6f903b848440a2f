import { useDialog } from '../store/useDialog.ts';
import { useProject } from '../store/useProject.ts';
import type { Action } from './action.ts';

export const settingsAction: Action = {
  id: 'settings.open',
  label: 'Settings',
  group: 'View',
  hotkeys: ['$mod+Comma'],
  enabled: () => true,
  run: () => useDialog.getState().show('settings'),
};

export const hotkeySettingsAction: Action = {
  id: 'settings.hotkeys',
  label: 'Change keys',
  group: 'Help',
  hotkeys: [],
  enabled: () => true,
  run: () => useDialog.getState().show('hotkeySettings'),
};

export const classesAction: Action = {
  id: 'classes.edit',
  label: 'Edit the classes of the project',
  group: 'Project',
  hotkeys: ['$mod+Shift+KeyC'],
  enabled: () => useProject.getState().project !== null,
  run: () => useDialog.getState().show('classes'),
};
