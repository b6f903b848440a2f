import { useGateLab } from '../store/useGateLab.ts';
import { useView } from '../store/useView.ts';
import type { Action } from './action.ts';

const hasGates = (): boolean =>
  useView.getState().place === 'gates' && (useGateLab.getState().natural?.layout.layers.length ?? 0) > 0;

export const rankLayersAction: Action = {
  id: 'gates.rank',
  label: 'Find the layer that wins back most pixels',
  group: 'Gates',
  hotkeys: ['KeyR'],
  places: ['gates'],
  enabled: hasGates,
  run: () => useGateLab.getState().rank(),
};

export const clearForcesAction: Action = {
  id: 'gates.clear',
  label: 'Let go of all forced neurons',
  group: 'Gates',
  hotkeys: ['Backspace'],
  places: ['gates'],
  enabled: () => hasGates() && useGateLab.getState().forces.size > 0,
  run: () => useGateLab.getState().clearForces(),
};
