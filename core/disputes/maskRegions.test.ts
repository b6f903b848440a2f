import { expect, it } from 'vitest';
import { maskRegions } from './maskRegions.ts';

it('finds contiguous regions, the largest first, corners included', () => {
  // prettier-ignore
  const isIn = Uint8Array.of(
    1, 0, 0, 0, 1,
    0, 1, 1, 0, 0,
    0, 0, 0, 0, 1,
  );
  expect(maskRegions(isIn, 5, 3).map(({ rect, area, runs }) => [rect, area, [...runs]])).toEqual([
    [{ x: 0, y: 0, width: 3, height: 2 }, 3, [0, 0, 1, 1, 1, 3]],
    [{ x: 4, y: 0, width: 1, height: 1 }, 1, [0, 4, 5]],
    [{ x: 4, y: 2, width: 1, height: 1 }, 1, [2, 4, 5]],
  ]);
  expect(maskRegions(new Uint8Array(4), 2, 2)).toEqual([]);
});
