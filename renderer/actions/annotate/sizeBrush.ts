import { useSettings } from '../../store/useSettings.ts';
import { steppedBrushSize } from '../../tools/brushSettings.ts';
import { hand } from '../../tools/hand.ts';
import type { Action } from '../action.ts';

const step = (direction: 1 | -1) => (): void => {
  const { settings } = useSettings.getState();
  hand.setBrush({ size: steppedBrushSize(settings.brushSize, direction) });
};

export const smallerBrush: Action = {
  id: 'brush.smaller',
  label: 'Make the brush smaller',
  group: 'Annotate',
  hotkeys: ['BracketLeft'],
  places: ['annotate'],
  repeats: true,
  enabled: () => true,
  run: step(-1),
};

export const largerBrush: Action = {
  id: 'brush.larger',
  label: 'Make the brush larger',
  group: 'Annotate',
  hotkeys: ['BracketRight'],
  places: ['annotate'],
  repeats: true,
  enabled: () => true,
  run: step(1),
};
