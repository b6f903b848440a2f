import { beforeEach, expect, it } from 'vitest';
import { MemoryMain } from './testing/memoryMain.ts';
import { setStudio } from './studio.ts';
import { useProject } from './useProject.ts';
import { reviewStateOf, useReviews } from './useReviews.ts';
import { useToasts } from './useToasts.ts';

let main: MemoryMain;

beforeEach(() => {
  main = new MemoryMain();
  setStudio(main);
  useProject.getState().setProject(main.project);
  useReviews.getState().clear();
  useToasts.setState({ toasts: [] });
});

it('shows a state at once, and puts it back where it cannot be stored', async () => {
  main.refusals.set('review.set', { code: 'project.full', severity: 'error', title: 'the disk is full' });
  const setting = useReviews.getState().setReview({ imageId: 1, state: 'approved', note: '' });
  expect(reviewStateOf(1)).toBe('approved');
  await setting;
  expect(reviewStateOf(1)).toBe('todo');
  expect(useToasts.getState().toasts[0]?.title).toBe('the disk is full');
});
