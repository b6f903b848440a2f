import type { Tool } from '../tool.ts';
import { Idle } from './Idle.ts';

/** State: Idle. */
export const stampTool: Tool = {
  id: 'stamp',
  label: 'Stamp',
  hotkey: 'C',
  hint: 'Copies the region under the pointer from a model into the mask; Alt+click from the other one.',
  cursor: 'crosshair',
  start: () => new Idle(),
};
