import { expect, it } from 'vitest';
import { patchBetween } from '../mask/patch.ts';
import { rebasePatch } from './rebasePatch.ts';
import { remapPatch, remapTable } from './remapPatch.ts';

const map = (...ids: number[]) => ({ width: 2, height: 2, ids: Uint8Array.from(ids) });
const patch = patchBetween(map(0, 1, 2, 3), map(0, 3, 3, 3))!;

it('replaces ids on both sides of a patch, and gives back the same patch where none is in it', () => {
  const merged = remapPatch(patch, remapTable([[3, 1]]));
  expect(merged.tiles[0]?.before).toEqual(Uint8Array.of(0, 1, 2, 1));
  expect(merged.tiles[0]?.after).toEqual(Uint8Array.of(0, 1, 1, 1));
  expect(patch.tiles[0]?.before).toEqual(Uint8Array.of(0, 1, 2, 3));
  expect(remapPatch(patch, remapTable([[7, 1]]))).toBe(patch);
});

it('rebases an edit: what it changed stays changed, what it left is the other mask', () => {
  const rebased = rebasePatch(patch, Uint8Array.of(9, 1, 8, 7));
  expect(rebased.tiles[0]?.before).toEqual(Uint8Array.of(9, 1, 8, 7));
  expect(rebased.tiles[0]?.after).toEqual(Uint8Array.of(9, 3, 3, 7));
  expect(rebasePatch(patch, Uint8Array.of(0, 1, 2, 3))).toBe(patch);
});
