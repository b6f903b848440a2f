import { expect, test } from 'vitest';
import { transferWords } from './transferWords.ts';

const progress = { done: 3_000_000, total: 15_000_000 };

test('how far, how fast, how long', () => {
  expect(transferWords(progress, null)).toBe('3.0 MB of 15.0 MB');
  expect(transferWords(progress, { time: 0, done: 0, now: 100 })).toBe('3.0 MB of 15.0 MB');
  expect(transferWords(progress, { time: 0, done: 1_000_000, now: 2000 })).toBe(
    '3.0 MB of 15.0 MB, 1.0 MB/s, 12 s left',
  );
  expect(transferWords(progress, { time: 0, done: 2_900_000, now: 10_000 })).toBe(
    '3.0 MB of 15.0 MB, 10 kB/s, 20 min left',
  );
});
