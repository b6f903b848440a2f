import type { Tool } from '../tool.ts';
import { Idle } from './Idle.ts';

/** States: Idle, Previewing. */
export const morphologyTool: Tool = {
  id: 'morphology',
  label: 'Reshape',
  hotkey: 'M',
  hint: 'Smooth, grow, shrink, fill holes, remove specks: click a region to preview, Enter applies, Esc drops it.',
  cursor: 'crosshair',
  start: () => new Idle(),
};
