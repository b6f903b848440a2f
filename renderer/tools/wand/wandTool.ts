import type { Tool } from '../tool.ts';
import { Idle } from './Idle.ts';

/** States: Idle, Choosing. */
export const wandTool: Tool = {
  id: 'wand',
  label: 'Magic wand',
  hotkey: 'W',
  hint: 'Press on a colour: what is like it around gets the active class. Drag right for more, left for less; release to keep.',
  cursor: 'crosshair',
  start: () => new Idle(),
};
