import { Idle } from '../brush/Idle.ts';
import { SNAP_INK } from '../brush/ink.ts';
import type { Tool } from '../tool.ts';

/** A brush that keeps to where a model takes the class into consideration; its states are the brush's. */
export const snapBrushTool: Tool = {
  id: 'snapBrush',
  label: 'Snapping brush',
  hotkey: 'Q',
  hint: 'Paints only where the active class is among the best guesses of teacher or student.',
  cursor: 'outline',
  start: () => new Idle(SNAP_INK),
};
