import { expect, test } from 'vitest';
import { countsToString, eachRun, encodeCounts, stringToCounts } from './cocoRle.ts';

/** 3 x 2: column by column 1,0 | 1,1 | 0,1. */
const map = { width: 3, height: 2, ids: Uint8Array.of(1, 1, 0, 0, 1, 1) };

test('counts go down the columns and begin with what is outside', () => {
  expect(encodeCounts(map, 1)).toEqual([0, 1, 1, 2, 1, 1]);
  expect(encodeCounts(map, 0)).toEqual([1, 1, 2, 1, 1]);
  expect(encodeCounts(map, 7)).toEqual([6]);
});

test('the strings of pycocotools', () => {
  // pycocotools 2.0: encode(asfortranarray([[1,1,0],[0,1,1]])) and a 300 x 200 disk's first counts.
  expect(countsToString([0, 1, 1, 2, 1, 1])).toBe('01110O');
  for (const counts of [[6], [0, 6], [31, 32, 1024, 33, 5, 1_000_000, 3, 12], [0, 1, 1, 2, 1, 1]]) {
    expect(stringToCounts(countsToString(counts), 'x')).toEqual(counts);
  }
});

test('runs are cut at the end of each column', () => {
  const runs: number[][] = [];
  eachRun([1, 4, 1], { width: 3, height: 2, subject: 'x' }, (...run) => runs.push(run));
  expect(runs).toEqual([
    [0, 1, 2],
    [1, 0, 2],
    [2, 0, 1],
  ]);
});

test.each([
  [[1, 2], 'a.jpg: broken run-length encoding: its runs have 3 of 6 pixels'],
  [[1, 9], 'a.jpg: broken run-length encoding: its runs have more than the 6 pixels of 3 x 2'],
  [[-1, 7], 'a.jpg: broken run-length encoding: a run of -1 pixels'],
])('%j is refused', (counts, message) => {
  expect(() => eachRun(counts, { width: 3, height: 2, subject: 'a.jpg' }, () => undefined)).toThrow(message);
});

test('a character that is none', () => {
  expect(() => stringToCounts('0 1', 'a.jpg')).toThrow(
    'a.jpg: broken run-length encoding: character 2 of "counts" is none',
  );
});
