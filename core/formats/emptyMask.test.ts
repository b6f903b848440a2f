import { expect, test } from 'vitest';
import { createClassTable } from '../labels/classTable.ts';
import { emptyMask } from './emptyMask.ts';

const table = createClassTable(['road']);

test('a mask of the stated size, unlabelled', () => {
  const { ignoreId } = table;
  expect(emptyMask({ width: 3, height: 1 }, table, 'a.json')).toEqual({
    width: 3,
    height: 1,
    ids: Uint8Array.of(ignoreId, ignoreId, ignoreId),
  });
});

test('more pixels than a picture may have are not made room for', () => {
  expect(() => emptyMask({ width: 4_294_967_295, height: 4 }, table, 'a.json')).toThrow(
    'a.json: 4294967295 x 4 pixels are stated, more than the 268435456 that a picture may have',
  );
});
