import { expect, test } from 'vitest';
import { imagePoint } from '../geometry.ts';
import { classId } from '../labels/classTable.ts';
import { MaskRaster } from './maskRaster.ts';
import { fillPolygon } from './polygon.ts';
import { seededRandom } from './seededRandom.ts';

type Corner = readonly [x: number, y: number];

/** How often each pixel is inside one of the polygons. */
function coverage(width: number, height: number, polygons: readonly (readonly Corner[])[]): number[] {
  const counts = Array.from({ length: width * height }, () => 0);
  for (const polygon of polygons) {
    const raster = new MaskRaster({
      width,
      height,
      ids: new Uint8Array(width * height),
      ignoreId: classId(255),
    });
    raster.beginStep();
    fillPolygon(
      raster,
      polygon.map(([x, y]) => imagePoint(x, y)),
      classId(1),
    );
    raster.endStep();
    raster.ids.forEach((id, n) => {
      counts[n]! += id;
    });
  }
  return counts;
}

/** Even-odd by casting a ray from the pixel's centre to the left. */
function inside(x: number, y: number, polygon: readonly Corner[]): boolean {
  let result = false;
  polygon.forEach(([ax, ay], n) => {
    const [bx, by] = polygon[(n + 1) % polygon.length]!;
    if (ay <= y !== by <= y && ax + ((y - ay) / (by - ay)) * (bx - ax) <= x) result = !result;
  });
  return result;
}

test('a square fills the pixels whose centres it holds', () => {
  const square = [
    [0.5, 0.5],
    [2.5, 0.5],
    [2.5, 2.5],
    [0.5, 2.5],
  ] as const;
  expect(coverage(4, 3, [square])).toEqual([1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0]);
});

test('what is inside twice is outside', () => {
  const twice = [
    [0, 0],
    [3, 0],
    [3, 1],
    [0, 1],
    [0, 0],
    [3, 0],
    [3, 1],
    [0, 1],
  ] as const;
  expect(coverage(3, 1, [twice])).toEqual([0, 0, 0]);
});

test('fewer than three corners paint nothing', () => {
  const line = [
    [0, 0],
    [3, 3],
  ] as const;
  expect(coverage(3, 3, [[], [[1, 1]], line])).toEqual(Array(9).fill(0));
});

test('corners outside the picture are clipped', () => {
  const large = [
    [-1e7, -1e7],
    [1e7, -1e7],
    [1e7, 1e7],
    [-1e7, 1e7],
  ] as const;
  expect(coverage(3, 2, [large])).toEqual(Array(6).fill(1));
});

test('random polygons equal the ray from each centre', () => {
  const random = seededRandom(21);
  for (let round = 0; round < 500; round++) {
    // Half of them on the grid of half pixels, where edges and corners run through centres.
    const coordinate = () => (round % 2 === 0 ? Math.floor(random() * 50) / 2 - 4 : random() * 25 - 4);
    const polygon = Array.from({ length: 3 + (round % 9) }, () => [coordinate(), coordinate()] as const);
    const expected = Array.from({ length: 17 * 15 }, (_, n) =>
      Number(inside((n % 17) + 0.5, Math.floor(n / 17) + 0.5, polygon)),
    );
    expect(coverage(17, 15, [polygon])).toEqual(expected);
  }
});

test('triangles around a point share the picture without gap or overlap', () => {
  const random = seededRandom(22);
  const corners = [
    [0, 0],
    [16, 0],
    [16, 16],
    [0, 16],
  ] as const;
  for (let round = 0; round < 300; round++) {
    const coordinate = () => (round % 2 === 0 ? Math.floor(random() * 33) / 2 : random() * 16);
    const middle = [coordinate(), coordinate()] as const;
    const fans = corners.map((corner, n) => {
      const next = corners[(n + 1) % 4]!;
      return n % 2 === 0 ? [corner, next, middle] : [next, corner, middle];
    });
    expect(coverage(16, 16, fans)).toEqual(Array(256).fill(1));
  }
});

test('a corner that is none is refused', () => {
  expect(() =>
    coverage(1, 1, [
      [
        [0, 0],
        [1, NaN],
        [2, 2],
      ],
    ]),
  ).toThrow('a polygon cannot have a corner at 1, NaN');
});
