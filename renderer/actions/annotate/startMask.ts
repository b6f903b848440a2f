import type { StartKind } from '#core/ipc/schemas.ts';
import { toProblem } from '#core/problem.ts';
import { useMask } from '../../store/useMask.ts';
import { useModels, modelIn } from '../../store/useModels.ts';
import { currentImage, useProject } from '../../store/useProject.ts';
import { runKey, useResults } from '../../store/useResults.ts';
import { useToasts } from '../../store/useToasts.ts';
import { hand } from '../../tools/hand.ts';
import type { Action } from '../action.ts';

/** What a mask can be started from, in the order of the buttons. */
export const STARTS: readonly { kind: StartKind; name: string; code: string }[] = [
  { kind: 'teacher', name: 'Teacher', code: 'KeyT' },
  { kind: 'student', name: 'Student', code: 'KeyS' },
  { kind: 'truth', name: 'Ground truth', code: 'KeyG' },
  { kind: 'empty', name: 'Empty', code: 'KeyE' },
];

/** Why the mask of the chosen image cannot be started from this, in a few words; null where it can. */
export function whyNotStart(kind: StartKind): string | null {
  const image = currentImage();
  if (!image) return 'no image is chosen';
  if (useProject.getState().project?.readOnly) return 'the project is open read-only';
  const { status } = useMask.getState();
  if (status !== 'ready' && status !== 'unstarted') return 'the mask is not open yet';
  switch (kind) {
    case 'empty':
      return null;
    case 'truth':
      return image.hasTruth ? null : 'this image has no ground truth';
    case 'teacher':
    case 'student':
      return whyNoRun(kind, image.id);
  }
}

function whyNoRun(slot: 'teacher' | 'student', imageId: number): string | null {
  const model = modelIn(slot, useModels.getState());
  if (!model) return `no ${slot} is chosen`;
  const run = useResults.getState().runs.get(runKey(imageId, model.id));
  if (run?.status === 'done') return null;
  if (run?.status === 'failed') return `the ${slot} failed on this image`;
  return `the ${slot} has not finished this image yet`;
}

/** One action per start: `mask.start.teacher`. On a mask that exists it starts over, which undo takes back. */
export const startMask: readonly Action[] = STARTS.map(({ kind, name, code }) => ({
  id: `mask.start.${kind}`,
  label: `Start the mask from ${kind === 'empty' ? 'nothing' : name.toLowerCase()}`,
  group: 'Annotate',
  hotkeys: [`Shift+${code}`],
  places: ['annotate'],
  enabled: () => whyNotStart(kind) === null,
  run: async () => {
    hand.interrupt('maskChange');
    try {
      await useMask.getState().startFrom(kind);
    } catch (error) {
      const subject = currentImage(useProject.getState())?.name;
      useToasts.getState().showProblem(toProblem(error, { code: 'mask.start', subject }));
    }
  },
}));
