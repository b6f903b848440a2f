import { expect, test } from 'vitest';
import { classId } from '../labels/classTable.ts';
import { connectedComponents } from './components.ts';
import { floodFill } from './floodFill.ts';
import { MaskRaster } from './maskRaster.ts';
import { seededRandom } from './seededRandom.ts';

function filled(ids: readonly number[], width: number, x: number, y: number, connectivity: 4 | 8) {
  const height = ids.length / width;
  const raster = new MaskRaster({ width, height, ids: Uint8Array.from(ids), ignoreId: classId(255) });
  raster.beginStep();
  const count = floodFill(raster, x, y, classId(9), { connectivity });
  raster.endStep();
  return { count, ids: [...raster.ids] };
}

// prettier-ignore
const PICTURE = [
  1, 1, 0, 0,
  0, 0, 1, 0,
  1, 0, 1, 1,
];

test('the region under the point, by sides', () => {
  // prettier-ignore
  const expected = [
    1, 1, 0, 0,
    0, 0, 9, 0,
    1, 0, 9, 9,
  ];
  expect(filled(PICTURE, 4, 2.7, 1.2, 4)).toEqual({ count: 3, ids: expected });
});

test('the region under the point, by corners too', () => {
  // prettier-ignore
  const expected = [
    9, 9, 0, 0,
    0, 0, 9, 0,
    1, 0, 9, 9,
  ];
  expect(filled(PICTURE, 4, 2, 1, 8)).toEqual({ count: 5, ids: expected });
});

test('outside the picture, and on the class itself, nothing changes', () => {
  for (const [x, y] of [
    [-1, 0],
    [4, 0],
    [0, 3],
    [NaN, 0],
  ] as const) {
    expect(filled(PICTURE, 4, x, y, 4)).toEqual({ count: 0, ids: PICTURE });
  }
  expect(filled([9, 1], 2, 0, 0, 4)).toEqual({ count: 0, ids: [9, 1] });
});

test('random pictures: exactly the component of the pixel', () => {
  const random = seededRandom(31);
  for (let round = 0; round < 300; round++) {
    const width = 1 + Math.floor(random() * 20);
    const height = 1 + Math.floor(random() * 20);
    const ids = Uint8Array.from({ length: width * height }, () => Math.floor(random() * (2 + (round % 2))));
    const connectivity = round % 3 === 0 ? 4 : 8;
    const { labels } = connectedComponents({ width, height, ids }, { connectivity });
    const seed = Math.floor(random() * ids.length);
    const expected = [...ids].map((id, n) => (labels[n] === labels[seed] ? 9 : id));
    const result = filled([...ids], width, seed % width, Math.floor(seed / width), connectivity);
    expect(result.ids).toEqual(expected);
    expect(result.count).toBe(expected.filter((id) => id === 9).length);
  }
});
