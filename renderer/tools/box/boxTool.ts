import type { Tool } from '../tool.ts';
import { Idle } from './Idle.ts';

/** States: Idle, Dragging. */
export const boxTool: Tool = {
  id: 'box',
  label: 'Box',
  hotkey: 'R',
  hint: 'Drag a rectangle, with Shift a square. Alt takes the active class away instead.',
  cursor: 'crosshair',
  start: () => new Idle(),
};
