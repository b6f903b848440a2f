import type { Tool } from '../tool.ts';
import { Idle } from './Idle.ts';

/** States: Idle, Picking. */
export const pickerTool: Tool = {
  id: 'picker',
  label: 'Pick class',
  hotkey: 'I',
  hint: 'Takes the class under the pointer from the mask, or from the teacher where the mask is empty.',
  cursor: 'pick',
  start: () => new Idle(),
};
