import { expect, it } from 'vitest';
import type { Action } from '../../actions/action.ts';
import { matchesKeySearch } from './matchesKeySearch.ts';

const undo: Action = {
  id: 'mask.undo',
  label: 'Undo',
  group: 'Annotate',
  hotkeys: [],
  enabled: () => true,
  run: () => undefined,
};

it('finds an action by its name, its group or a whole key', () => {
  const finds = (query: string) => matchesKeySearch(undo, ['$mod+KeyZ'], query);
  expect(['undo', 'ANNO un', 'ctrl+z', ''].map(finds)).toEqual([true, true, true, true]);
  expect(['redo', 'z', 'undo ctrl+y'].map(finds)).toEqual([false, false, false]);
});
