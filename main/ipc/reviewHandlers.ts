import type { Studio } from '../studio.ts';
import type { GroupHandlers } from './calls.ts';

export function reviewHandlers(studio: Studio): GroupHandlers<'review'> {
  const { queue } = studio;
  return {
    'review.list': ({ projectId }) => queue.run(() => studio.projectOf(projectId).store.reviews()),
    'review.set': ({ projectId, review }) =>
      queue.run(() => studio.projectOf(projectId).store.setReview(review)),
  };
}
