import { Idle } from '../brush/Idle.ts';
import { ERASER_INK } from '../brush/ink.ts';
import type { Tool } from '../tool.ts';

/** A brush that leaves the ignore index or what the model says; its states are the brush's. */
export const eraserTool: Tool = {
  id: 'eraser',
  label: 'Eraser',
  hotkey: 'E',
  hint: 'Leaves “ignore”, or what the model says. Shift+click draws a straight line, Alt+drag changes the size.',
  cursor: 'outline',
  start: () => new Idle(ERASER_INK),
};
