import type { Tool } from '../tool.ts';
import { Idle } from './Idle.ts';

/** State: Idle. */
export const fillTool: Tool = {
  id: 'fill',
  label: 'Fill',
  hotkey: 'G',
  hint: 'Gives the connected region under the pointer the active class.',
  cursor: 'crosshair',
  start: () => new Idle(),
};
