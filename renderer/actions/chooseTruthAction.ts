import type { Action } from './action.ts';
import { chooseTruth } from '../store/openProject.ts';
import { useProject } from '../store/useProject.ts';

export const chooseTruthAction: Action = {
  id: 'truth.choose',
  label: 'Choose the folder of ground-truth masks',
  group: 'Project',
  hotkeys: [],
  enabled: () => useProject.getState().project !== null,
  run: chooseTruth,
};
