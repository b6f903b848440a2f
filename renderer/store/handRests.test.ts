import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { handMoved, handRests } from './handRests.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance', 'setTimeout'], now: 10_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

const signal = new AbortController().signal;

it('waits for a pause of the hand, and longer where it goes on', async () => {
  await handRests(signal);
  let rests = false;
  handMoved();
  void handRests(signal).then(() => (rests = true));
  await vi.advanceTimersByTimeAsync(300);
  handMoved();
  await vi.advanceTimersByTimeAsync(300);
  expect(rests).toBe(false);
  await vi.advanceTimersByTimeAsync(100);
  expect(rests).toBe(true);
});

it('waits for a longer pause before a larger picture', async () => {
  let rests = false;
  handMoved();
  void handRests(signal, 8192 * 8192).then(() => (rests = true));
  await vi.advanceTimersByTimeAsync(7000);
  expect(rests).toBe(false);
  await vi.advanceTimersByTimeAsync(200);
  expect(rests).toBe(true);
});

it('does not wait for what is no longer wanted', async () => {
  handMoved();
  await handRests(AbortSignal.abort());
  expect(vi.getTimerCount()).toBe(0);
});
