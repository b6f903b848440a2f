import { useMask } from '../../store/useMask.ts';
import { useView } from '../../store/useView.ts';
import { maskClassAt, modelClassAt } from '../../tools/classUnderCursor.ts';
import { hand } from '../../tools/hand.ts';
import type { Action } from '../action.ts';

/**
 * Makes the class under the pointer the active one, at once and without another tool in the hand. With the
 * pointer elsewhere, or nothing known there, the picker is taken up and the next click picks.
 */
export const pickClass: Action = {
  id: 'tool.picker',
  label: 'Pick the class under the pointer',
  group: 'Annotate',
  hotkeys: ['KeyI'],
  places: ['annotate'],
  enabled: () => useMask.getState().raster !== null,
  run: () => {
    const { cursor } = useView.getState();
    const id = cursor && classAt(Math.floor(cursor.x), Math.floor(cursor.y));
    if (id === null) hand.setTool('picker');
    else useMask.getState().setActiveClass(id);
  },
};

const classAt = (x: number, y: number) => maskClassAt(x, y) ?? modelClassAt('teacher', x, y);
