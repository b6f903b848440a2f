import { expect, test } from 'vitest';
import { createClassTable } from '../labels/classTable.ts';
import { agreement } from './agreement.ts';

const TABLE = createClassTable(['road', 'car', 'tree']);
const row = (...ids: number[]) => ({ width: ids.length, height: 1, ids: Uint8Array.from(ids) });

test('shares of all pixels, agreement on those that neither ignores', () => {
  const result = agreement(row(0, 0, 0, 1, 255, 0, 9, 9), row(0, 0, 1, 1, 0, 255, 9, 0), TABLE);
  expect(result.equalShare).toBe(4 / 6);
  expect(result.perClass).toEqual([
    { id: 0, shareA: 4 / 8, shareB: 4 / 8, iou: 2 / 4 },
    { id: 1, shareA: 1 / 8, shareB: 2 / 8, iou: 1 / 2 },
    { id: 2, shareA: 0, shareB: 0, iou: null },
  ]);
});

test('nothing to compare', () => {
  expect(agreement(row(255, 0), row(0, 255), TABLE).equalShare).toBeNull();
  expect(() => agreement(row(0), row(0, 0), TABLE)).toThrow(
    'a 1 x 1 class map cannot be compared with a 2 x 1 one',
  );
});
