import type { Tool } from '../tool.ts';
import { Idle } from './Idle.ts';

/** States: Idle, Drawing. */
export const lassoTool: Tool = {
  id: 'lasso',
  label: 'Lasso',
  hotkey: 'L',
  hint: 'Drag around an area, the release fills it. Alt takes the active class away instead.',
  cursor: 'crosshair',
  start: () => new Idle(),
};
