import { expect, it } from 'vitest';
import { remapIds, remapTable } from './remapIds.ts';

it('replaces every value, and copies only where there is one to replace', () => {
  const ids = Uint8Array.of(0, 3, 1, 3, 255);
  expect(
    remapIds(
      ids,
      remapTable([
        [3, 1],
        [255, 11],
      ]),
    ),
  ).toEqual(Uint8Array.of(0, 1, 1, 1, 11));
  expect(ids).toEqual(Uint8Array.of(0, 3, 1, 3, 255));
  expect(remapIds(ids, remapTable([[7, 1]]))).toBe(ids);
});
