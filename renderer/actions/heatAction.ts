import { useHeat } from '../store/useHeat.ts';
import type { Action } from './action.ts';

export const heatAction: Action = {
  id: 'layers.heat',
  label: 'Show how far the student is from its teacher (KL), or not',
  group: 'Compare',
  hotkeys: ['KeyM'],
  places: ['compare'],
  enabled: () => true,
  run: () => useHeat.getState().show(useHeat.getState().source === 'off' ? 'divergence' : 'off'),
};
