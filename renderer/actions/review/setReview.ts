import type { ReviewState } from '#core/review/review.ts';
import { useDialog } from '../../store/useDialog.ts';
import { useProject } from '../../store/useProject.ts';
import { useReviews } from '../../store/useReviews.ts';
import type { Action } from '../action.ts';

export const REVIEW_NAMES: Readonly<Record<ReviewState, string>> = {
  todo: 'to do',
  work: 'in work',
  done: 'done',
  approved: 'approved',
  rejected: 'rejected',
};

/** The state of the chosen image can be set. */
export const canReview = (): boolean => {
  const { project, imageId } = useProject.getState();
  return imageId !== null && project?.readOnly === false;
};

export function setReview(state: ReviewState): Promise<void> | undefined {
  const { imageId } = useProject.getState();
  if (imageId === null) return undefined;
  return useReviews.getState().setReview({ imageId, state, note: '' });
}

const mark = (state: Exclude<ReviewState, 'rejected'>, key: string): Action => ({
  id: `review.${state}`,
  label: `Mark the image as ${REVIEW_NAMES[state]}`,
  group: 'Review',
  hotkeys: [key],
  enabled: canReview,
  run: () => setReview(state),
});

/** One action per state, in the order of the work. */
export const reviewStateActions: readonly Action[] = [
  mark('todo', 'Shift+Digit1'),
  mark('work', 'Shift+Digit2'),
  mark('done', 'Shift+Digit3'),
  mark('approved', 'Shift+Digit4'),
  {
    id: 'review.rejected',
    label: 'Reject the image with a note',
    group: 'Review',
    hotkeys: ['Shift+Digit5'],
    enabled: canReview,
    run: () => useDialog.getState().show('reject'),
  },
];
