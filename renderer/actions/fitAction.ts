import type { Action } from './action.ts';
import { useView } from '../store/useView.ts';

export const fitAction: Action = {
  id: 'view.fit',
  label: 'Fit the picture into the window',
  group: 'View',
  hotkeys: ['KeyF', '$mod+Digit0'],
  enabled: () => true,
  run: () => useView.getState().setZoom({ mode: 'fit' }),
  places: ['compare', 'annotate', 'gates'],
};
