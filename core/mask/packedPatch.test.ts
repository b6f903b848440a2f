import { expect, it } from 'vitest';
import { packPatch, unpackPatch } from './packedPatch.ts';
import { patchBetween } from './patch.ts';

it('gives back every tile, also the narrow ones at the right and lower edge', () => {
  const width = 130;
  const height = 66;
  const before = new Uint8Array(width * height).fill(255);
  const after = before.slice();
  for (const [x, y] of [
    [0, 0],
    [129, 3],
    [70, 65],
  ] as const) {
    after[y * width + x] = 7;
  }
  const patch = patchBetween({ width, height, ids: before }, { width, height, ids: after })!;
  const packed = packPatch(patch);
  expect([...packed.tiles]).toEqual([0, 2, 4]);
  expect(packed.before).toHaveLength(64 * 64 + 2 * 64 + 64 * 2);
  expect(unpackPatch(packed)).toEqual(patch);
});

it('keeps two bytes per id', () => {
  const before = { width: 2, height: 1, ids: Uint16Array.of(0, 300) };
  const after = { width: 2, height: 1, ids: Uint16Array.of(0, 700) };
  const patch = patchBetween(before, after)!;
  expect(unpackPatch(packPatch(patch))).toEqual(patch);
});
