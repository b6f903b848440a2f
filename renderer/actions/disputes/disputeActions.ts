import { modelIn } from '../../store/useModels.ts';
import { useDialog } from '../../store/useDialog.ts';
import { useDisputes } from '../../store/useDisputes.ts';
import { useProject } from '../../store/useProject.ts';
import { hand } from '../../tools/hand.ts';
import type { Action } from '../action.ts';
import { decide, disputeInHand, type Decision } from './decide.ts';
import { seekDispute } from './seekDispute.ts';

const seek = (step: 1 | -1, id: string, label: string, hotkey: string): Action => ({
  id,
  label,
  group: 'Disputes',
  hotkeys: [hotkey],
  places: ['annotate', 'compare'],
  enabled: () =>
    useProject.getState().imageId !== null && modelIn('teacher') !== null && modelIn('student') !== null,
  run: () => seekDispute(step),
});

const verdict = (kind: Exclude<Decision['kind'], 'neither'>, label: string, hotkey: string): Action => ({
  id: `verdict.${kind}`,
  label,
  group: 'Disputes',
  hotkeys: [hotkey],
  places: ['annotate'],
  mode: 'dispute',
  enabled: () => disputeInHand() !== null,
  run: () => decide({ kind }),
});

/** The loop of disputes and verdicts. They come before the other actions of Annotate, whose keys some of them share. */
export const disputeActions: readonly Action[] = [
  seek(1, 'disputes.next', 'Go to the next dispute', 'KeyN'),
  seek(-1, 'disputes.previous', 'Go to the previous dispute', 'Shift+KeyN'),
  verdict('teacher', 'The teacher is right', 'KeyT'),
  verdict('student', 'The student is right', 'KeyS'),
  verdict('ignore', 'Leave the dispute as ignore', 'KeyX'),
  {
    id: 'disputes.leave',
    label: 'Leave the dispute undecided',
    group: 'Disputes',
    hotkeys: ['Escape'],
    places: ['annotate'],
    mode: 'dispute',
    enabled: () =>
      (disputeInHand() !== null || useDisputes.getState().seeking !== null) && !hand.wantsKey('Escape'),
    run: () => {
      useDisputes.getState().seeking?.stop();
      useDisputes.getState().leave();
    },
  },
  {
    id: 'disputes.ledger',
    label: 'Show who was right, class by class',
    group: 'Disputes',
    hotkeys: ['Shift+KeyL'],
    enabled: () => useProject.getState().project !== null,
    run: () => useDialog.getState().show('ledger'),
  },
];
