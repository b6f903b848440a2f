import { expect, test } from 'vitest';
import { parseShardOption } from './parseShardOption.ts';

test('shards count from 0', () => {
  expect(parseShardOption('0/8')).toEqual({ index: 0, count: 8 });
  expect(parseShardOption('7/8')).toEqual({ index: 7, count: 8 });
});

test.each(['8/8', '1', '1/0', '-1/2', 'a/b', ''])('%j is no shard', (text) => {
  expect(() => parseShardOption(text)).toThrow(
    'It must be I/N with I from 0 to N - 1: 0/8 is the first of eight.',
  );
});
