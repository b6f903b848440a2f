import type { Action } from './action.ts';
import { chooseFolder } from '../store/openProject.ts';

export const openFolderAction: Action = {
  id: 'project.choose',
  label: 'Open a folder of images',
  group: 'Project',
  hotkeys: ['$mod+KeyO'],
  enabled: () => true,
  run: chooseFolder,
};
