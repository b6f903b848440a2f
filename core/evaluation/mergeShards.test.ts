import { expect, test } from 'vitest';
import { createClassTable } from '../labels/classTable.ts';
import { mergeShards } from './mergeShards.ts';
import { parseShard, type ShardHeader, type ShardLine } from './shardFile.ts';

const header: ShardHeader = {
  kind: 'dynaseg-evaluation',
  version: 1,
  plan: {
    contestants: [{ modelId: 't', name: 'T', role: 'teacher', sha256: 'ab', keepRatio: null }],
    settings: { sizing: 'square', optimise: true, boundaryWidth: 3, truth: 'files' },
  },
  classTable: createClassTable(['Road']),
  folder: '/data/street',
  images: 3,
  shard: { index: 0, count: 2 },
};
const line = (place: number): ShardLine => ({
  image: `${place}.jpg`,
  place,
  stamp: '1 1',
  sha256: '',
  results: null,
  problems: [],
});
const text = (head: ShardHeader, ...lines: ShardLine[]) =>
  [head, ...lines].map((entry) => `${JSON.stringify(entry)}\n`).join('');

test('what a kill cut off is not there, and a later line takes the place of an earlier one', () => {
  const cut = `${text(header, line(0), { ...line(0), stamp: '2 2' })}{"image":"2.jpg","pla`;
  const { lines, wholeLength } = parseShard(cut, 'a.jsonl');
  expect([...lines.keys()]).toEqual(['0.jpg']);
  expect(lines.get('0.jpg')!.stamp).toBe('2 2');
  expect(cut.slice(wholeLength)).toBe('{"image":"2.jpg","pla');
});

test('files of something else are named', () => {
  expect(() => parseShard('', 'a.jsonl')).toThrow(
    'a.jsonl: it does not begin like a file of `dynaseg evaluate --out`. It is empty',
  );
  expect(() => parseShard(`${text(header)}{}\n`, 'a.jsonl')).toThrow('a.jsonl: line 2 is not a result');
});

test('shards in any order give the folder in its order, and missing images are counted', () => {
  const shard = (name: string, index: number, ...lines: ShardLine[]) => ({
    ...parseShard(text({ ...header, shard: { index, count: 2 } }, ...lines), name),
    name,
  });
  const even = shard('0.jsonl', 0, line(0), line(2));
  const odd = shard('1.jsonl', 1, line(1));
  const merged = mergeShards([odd, even]);
  expect(merged.lines.map(({ image }) => image)).toEqual(['0.jpg', '1.jpg', '2.jpg']);
  expect(merged.missing).toBe(0);
  expect(mergeShards([even]).missing).toBe(1);
  // Given twice it counts once.
  expect(mergeShards([odd, even, even]).lines).toHaveLength(3);
});

test('shards of other evaluations are refused', () => {
  const other = { ...header, images: 4 };
  const shards = [header, other].map((head, n) => ({
    ...parseShard(text(head), `${n}.jsonl`),
    name: `${n}.jsonl`,
  }));
  expect(() => mergeShards(shards)).toThrow('1.jsonl: it is of another evaluation than 0.jsonl');
});
