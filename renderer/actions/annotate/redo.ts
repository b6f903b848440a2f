import { useMask } from '../../store/useMask.ts';
import { useView } from '../../store/useView.ts';
import { hand } from '../../tools/hand.ts';
import type { Action } from '../action.ts';

/** Not while something is in the hand: its end would leave nothing to redo. */
export const redo: Action = {
  id: 'mask.redo',
  label: 'Redo',
  group: 'Annotate',
  hotkeys: ['$mod+Shift+KeyZ', '$mod+KeyY'],
  places: ['annotate'],
  repeats: true,
  enabled: () => {
    const { history } = useMask.getState();
    return useView.getState().place === 'annotate' && !hand.busy && history.cursor < history.length;
  },
  run: () => useMask.getState().redo(),
};
