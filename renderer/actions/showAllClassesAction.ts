import type { Action } from './action.ts';
import { useView } from '../store/useView.ts';

export const showAllClassesAction: Action = {
  id: 'classes.showAll',
  label: 'Show all classes',
  group: 'View',
  hotkeys: ['Shift+KeyH'],
  enabled: () => useView.getState().solo !== null || useView.getState().hidden.size > 0,
  run: () => useView.getState().showAllClasses(),
};
