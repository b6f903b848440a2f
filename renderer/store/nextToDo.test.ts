import { expect, it } from 'vitest';
import type { ReviewState } from '#core/review/review.ts';
import { nextToDo } from './nextToDo.ts';
import { MemoryMain } from './testing/memoryMain.ts';

const { images } = new MemoryMain(4).project;
const STATES: Record<number, ReviewState> = { 1: 'work', 2: 'done', 3: 'rejected', 4: 'approved' };
const stateOf = (id: number) => STATES[id] ?? 'todo';

it('skips what is finished, goes on at the other end, and ends where all is finished', () => {
  expect(nextToDo(images, 1, 1, stateOf)?.id).toBe(3);
  expect(nextToDo(images, 3, 1, stateOf)?.id).toBe(1);
  expect(nextToDo(images, 1, -1, stateOf)?.id).toBe(3);
  expect(nextToDo(images, null, 1, stateOf)?.id).toBe(1);
  expect(nextToDo(images, null, -1, stateOf)?.id).toBe(3);
  expect(nextToDo(images, 1, 1, () => 'done')).toBeNull();
  expect(nextToDo([], null, 1, stateOf)).toBeNull();
});
