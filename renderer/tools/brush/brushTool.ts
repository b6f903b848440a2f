import type { Tool } from '../tool.ts';
import { Idle } from './Idle.ts';
import { ACTIVE_CLASS_INK } from './ink.ts';

/** States: Idle, Painting, Sizing. */
export const brushTool: Tool = {
  id: 'brush',
  label: 'Brush',
  hotkey: 'B',
  hint: 'Paints the active class. Shift+click draws a straight line, Alt+drag changes the size.',
  cursor: 'outline',
  start: () => new Idle(ACTIVE_CLASS_INK),
};
