import { describe, expect, it } from 'vitest';
import { ReducedMap, strideFor } from './reducedMap.ts';

const source = { width: 5, height: 3, ids: Uint8Array.from([...Array(15).keys()]) };

describe('ReducedMap', () => {
  it('takes the pixel in the middle of each block, the last one where a block is cut off', () => {
    const reduced = new ReducedMap(source, 2);
    expect(reduced.update({ x: 0, y: 0, width: 5, height: 3 })).toEqual({ x: 0, y: 0, width: 3, height: 2 });
    expect([...reduced.ids]).toEqual([6, 8, 9, 11, 13, 14]);
  });

  it('reads again only what changed', () => {
    const reduced = new ReducedMap(source, 2);
    expect(reduced.update({ x: 3, y: 0, width: 1, height: 1 })).toEqual({ x: 1, y: 0, width: 1, height: 1 });
    expect([...reduced.ids]).toEqual([0, 8, 0, 0, 0, 0]);
  });

  it('reduces only what is shown smaller than it is', () => {
    expect([2, 1, 0.6, 0.5, 0.107].map(strideFor)).toEqual([1, 1, 1, 2, 9]);
  });
});
