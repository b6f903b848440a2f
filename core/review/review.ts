import { z } from 'zod';
import { imageIdSchema } from '../ipc/schemas.ts';

/** How far an image is, in the order of the work. */
export const REVIEW_STATES = ['todo', 'work', 'done', 'approved', 'rejected'] as const;

export const reviewStateSchema = z.enum(REVIEW_STATES);
export type ReviewState = z.infer<typeof reviewStateSchema>;

/** Nothing is left to do on an image in one of these. */
export const FINISHED_STATES: ReadonlySet<ReviewState> = new Set(['done', 'approved']);

export const reviewSchema = z.object({
  imageId: imageIdSchema,
  state: reviewStateSchema,
  /** Why it was rejected; empty in every other state. */
  note: z.string().max(2000),
});
export type Review = z.infer<typeof reviewSchema>;

/**
 * The state that an edit of the mask brings an image into: work begins with the first step, and an approval is of
 * the mask that was looked at, so a later step asks for another look. A rejected image stays rejected, with its
 * note in sight, until somebody says that it is done.
 */
export function stateAfterEdit(state: ReviewState): ReviewState {
  switch (state) {
    case 'todo':
      return 'work';
    case 'approved':
      return 'done';
    case 'work':
    case 'done':
    case 'rejected':
      return state;
  }
}
