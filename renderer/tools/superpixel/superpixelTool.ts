import type { Tool } from '../tool.ts';
import { Idle } from './Idle.ts';

/** States: Idle, Painting. */
export const superpixelTool: Tool = {
  id: 'superpixel',
  label: 'Superpixel brush',
  hotkey: 'U',
  hint: 'Paints whole patches of like colour; the one under the pointer is outlined.',
  cursor: 'crosshair',
  start: () => new Idle(),
};
