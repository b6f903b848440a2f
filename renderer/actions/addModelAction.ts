import type { Action } from './action.ts';
import { addModelFolder } from '../store/chooseModel.ts';

export const addModelAction: Action = {
  id: 'models.choose',
  label: 'Add a model folder',
  group: 'Models',
  hotkeys: [],
  enabled: () => true,
  run: () => addModelFolder(),
};
