import { Idle } from '../brush/Idle.ts';
import { IGNORE_INK } from '../brush/ink.ts';
import type { Tool } from '../tool.ts';

/** A brush that leaves the ignore index; its states are the brush's. */
export const eraserTool: Tool = {
  id: 'eraser',
  label: 'Eraser',
  hotkey: 'E',
  hint: 'Paints “ignore”. Shift+click draws a straight line, Alt+drag changes the size.',
  cursor: 'outline',
  start: () => new Idle(IGNORE_INK),
};
