import { useLocks } from '../../store/useLocks.ts';
import { useMask } from '../../store/useMask.ts';
import { useProject } from '../../store/useProject.ts';
import { useView } from '../../store/useView.ts';
import type { Action } from '../action.ts';

const hasTable = (): boolean => useProject.getState().project !== null;

/** The active class: its pixels stay, whatever is painted. */
export const lockClass: Action = {
  id: 'class.lock',
  label: 'Lock or unlock the active class',
  group: 'Annotate',
  hotkeys: ['KeyK'],
  places: ['annotate'],
  enabled: hasTable,
  run: () => useLocks.getState().toggleLock(useMask.getState().activeClass),
};

export const paintOverClass: Action = {
  id: 'class.over',
  label: 'Paint over the active class only, or over all',
  group: 'Annotate',
  hotkeys: ['Shift+KeyK'],
  places: ['annotate'],
  enabled: hasTable,
  run: () => useLocks.getState().toggleOver(useMask.getState().activeClass),
};

export const freeClasses: Action = {
  id: 'class.free',
  label: 'Unlock all classes and paint over everything',
  group: 'Annotate',
  hotkeys: [],
  places: ['annotate'],
  enabled: () => useLocks.getState().locked.size > 0 || useLocks.getState().over.size > 0,
  run: () => useLocks.getState().free(),
};

export const soloClass: Action = {
  id: 'class.solo',
  label: 'Show the active class alone, or all',
  group: 'Annotate',
  hotkeys: ['Backslash'],
  places: ['annotate'],
  enabled: hasTable,
  run: () => useView.getState().toggleSolo(useMask.getState().activeClass),
};

export const hideClass: Action = {
  id: 'class.hide',
  label: 'Hide or show the active class',
  group: 'Annotate',
  hotkeys: ['Shift+Backslash'],
  places: ['annotate'],
  enabled: hasTable,
  run: () => useView.getState().toggleHidden(useMask.getState().activeClass),
};

/** Ignore is painted like any class. */
export const chooseIgnore: Action = {
  id: 'class.ignore',
  label: 'Paint ignore',
  group: 'Annotate',
  hotkeys: ['Backquote'],
  places: ['annotate'],
  enabled: hasTable,
  run: () => {
    const { project } = useProject.getState();
    if (project) useMask.getState().setActiveClass(project.classTable.ignoreId);
  },
};
