import type { EventOf } from '#core/ipc/contract.ts';
import type { Review } from '#core/review/review.ts';
import type { Project } from '../node/project.ts';
import type { Studio } from '../studio.ts';
import type { GroupHandlers } from './calls.ts';

/** `tellReview` hears of images that a step brought into another state of review. */
export function maskHandlers(
  studio: Studio,
  tellReview: (change: EventOf<'review.changed'>) => void,
): GroupHandlers<'mask'> {
  const { queue } = studio;
  return {
    'mask.open': ({ projectId, imageId }) =>
      queue.run(() => studio.projectOf(projectId).store.openMask(imageId)),
    'mask.commit': ({ projectId, ...step }) =>
      queue.run(() => {
        const project = studio.projectOf(projectId);
        const history = project.store.commitStep(step);
        const review = reviewAfterEdit(project, step.imageId);
        if (review) tellReview({ projectId, review });
        return history;
      }),
    'mask.undo': ({ projectId, imageId }) =>
      queue.run(() => studio.projectOf(projectId).moveStep(imageId, 'undo')),
    'mask.redo': ({ projectId, imageId }) =>
      queue.run(() => studio.projectOf(projectId).moveStep(imageId, 'redo')),
  };
}

/** The step is stored whatever comes after it: a state that could not be is no reason to call the step lost. */
function reviewAfterEdit({ store }: Project, imageId: number): Review | null {
  try {
    return store.reviewAfterEdit(imageId);
  } catch {
    return null;
  }
}
