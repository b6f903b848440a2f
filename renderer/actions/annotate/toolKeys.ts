import { hand } from '../../tools/hand.ts';
import type { Action } from '../action.ts';

const toolKey = (key: 'Escape' | 'Enter' | 'Backspace', id: string, label: string): Action => ({
  id,
  label,
  group: 'Annotate',
  hotkeys: [key],
  places: ['annotate'],
  enabled: () => hand.wantsKey(key),
  run: () => hand.key(key),
});

/** Keys that mean something only while a stroke or a polygon is open; else they are anybody's. */
export const cancelTool = toolKey(
  'Escape',
  'tool.cancel',
  'Take back the stroke, polygon or preview in hand',
);
export const closePolygon = toolKey(
  'Enter',
  'polygon.close',
  'Fill the open polygon, preview or apply a reshaping',
);
export const takePointBack = toolKey('Backspace', 'polygon.back', 'Take back the last point of the polygon');
