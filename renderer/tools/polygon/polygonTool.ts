import type { Tool } from '../tool.ts';
import { Idle } from './Idle.ts';

/** States: Idle, Tracing (the button is held), Placing. */
export const polygonTool: Tool = {
  id: 'polygon',
  label: 'Polygon',
  hotkey: 'P',
  hint: 'Click for points, drag for a freehand line. Enter or double click fills, Backspace takes a point back, Esc drops it.',
  cursor: 'crosshair',
  start: () => new Idle(),
};
