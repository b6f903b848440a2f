import { useMask } from '../../store/useMask.ts';
import { useView } from '../../store/useView.ts';
import { hand } from '../../tools/hand.ts';
import type { Action } from '../action.ts';

/** One step back; in an open polygon one point, and of a stroke in hand the whole stroke, which redo brings back. */
export const undo: Action = {
  id: 'mask.undo',
  label: 'Undo',
  group: 'Annotate',
  hotkeys: ['$mod+KeyZ'],
  places: ['annotate'],
  repeats: true,
  // The application menu sends it in every place: what is not in sight is not changed.
  enabled: () =>
    useView.getState().place === 'annotate' && (hand.busy || useMask.getState().history.cursor > 0),
  run: async () => {
    if (!hand.takePointBack()) {
      hand.interrupt('pointerLost');
      await useMask.getState().undo();
    }
  },
};
