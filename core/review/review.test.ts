import { expect, it } from 'vitest';
import { REVIEW_STATES, stateAfterEdit } from './review.ts';

it('an edit begins the work, takes an approval back to done, and leaves the rest', () => {
  expect(REVIEW_STATES.map(stateAfterEdit)).toEqual(['work', 'work', 'done', 'done', 'rejected']);
});
