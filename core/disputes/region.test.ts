import { expect, it } from 'vitest';
import {
  createRegion,
  decodeRegion,
  encodeRegion,
  regionEdges,
  sharedPixels,
  type Region,
} from './region.ts';

/** `#` is in the region. */
function region(...rows: string[]): Region {
  const runs: number[] = [];
  rows.forEach((row, y) => {
    for (const run of row.matchAll(/#+/g)) runs.push(y, run.index, run.index + run[0].length);
  });
  return createRegion(Int32Array.from(runs));
}

const RING = region('.....', '.###.', '.#.#.', '.###.');

it('knows its rectangle and its pixels', () => {
  expect(RING.rect).toEqual({ x: 1, y: 1, width: 3, height: 3 });
  expect(RING.area).toBe(8);
});

it('counts what two regions share', () => {
  expect(sharedPixels(RING, region('.....', '##...', '#.##.', '....#'))).toBe(2);
  expect(sharedPixels(RING, RING)).toBe(8);
  expect(sharedPixels(RING, region('..', '', '', '', '##'))).toBe(0);
});

it('has borders along the edges of its pixels, around its holes too', () => {
  const edges = [...regionEdges(RING)];
  const lines = Array.from({ length: edges.length / 4 }, (_, n) => edges.slice(n * 4, n * 4 + 4).join(' '));
  expect(lines.sort()).toEqual(
    ['1 1 4 1', '2 2 3 2', '2 3 3 3', '1 4 4 4', '1 1 1 4', '4 1 4 4', '2 2 2 3', '3 2 3 3'].sort(),
  );
});

it('is stored and read back exactly', () => {
  const far = createRegion(Int32Array.from([0, 5000, 5001, 700, 0, 300, 700, 16_500, 20_000]));
  for (const one of [RING, far]) expect(decodeRegion(encodeRegion(one))).toEqual(one);
});

it('says what is wrong with stored bytes', () => {
  const bytes = encodeRegion(RING);
  const reading = (change: (copy: Uint8Array) => Uint8Array) => () => decodeRegion(change(bytes.slice()));
  expect(reading((copy) => copy.fill(2, 0, 1))).toThrow(
    'the verdict was given in a newer version (format 2, this one reads up to 1). Update DynaSeg Studio',
  );
  expect(reading((copy) => copy.subarray(0, 0))).toThrow('the stored region is damaged. it has no version');
  expect(reading((copy) => copy.subarray(0, 3))).toThrow('the stored region is damaged');
});
