import { expect, test } from 'vitest';
import { imagePoint, type ImagePoint } from '../geometry.ts';
import { classId } from '../labels/classTable.ts';
import { paintStroke, type BrushShape } from './brush.ts';
import { MaskRaster } from './maskRaster.ts';
import { seededRandom } from './seededRandom.ts';

const PAINT = classId(1);

/** What a stroke paints on an empty mask, one string per row. */
function painted(
  [width, height]: readonly [number, number],
  from: ImagePoint,
  to: ImagePoint,
  radius: number,
  shape: BrushShape,
): string[] {
  const raster = new MaskRaster({
    width,
    height,
    ids: new Uint8Array(width * height),
    ignoreId: classId(255),
  });
  raster.beginStep();
  paintStroke(raster, from, to, { radius, shape, id: PAINT });
  raster.endStep();
  return rows(width, height, (x, y) => raster.ids[y * width + x] === 1);
}

const rows = (width: number, height: number, isPainted: (x: number, y: number) => boolean) =>
  Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (_unused, x) => (isPainted(x, y) ? '#' : '.')).join(''),
  );

/** Distance from a point to a segment, by the textbook. */
function distance(x: number, y: number, a: ImagePoint, b: ImagePoint): number {
  const dx = b.x - a.x;
  const dy = b.y - a.y;
  const along = dx === 0 && dy === 0 ? 0 : ((x - a.x) * dx + (y - a.y) * dy) / (dx * dx + dy * dy);
  const t = Math.min(1, Math.max(0, along));
  return Math.hypot(x - a.x - t * dx, y - a.y - t * dy);
}

/** Whether a square centred somewhere on the segment covers the point: separating axes of the swept hexagon. */
function squareDistance(x: number, y: number, a: ImagePoint, b: ImagePoint): number {
  const dx = b.x - a.x;
  const dy = b.y - a.y;
  const outsideX = Math.max(Math.min(a.x, b.x) - x, x - Math.max(a.x, b.x));
  const outsideY = Math.max(Math.min(a.y, b.y) - y, y - Math.max(a.y, b.y));
  const reach = Math.abs(dx) + Math.abs(dy);
  const across = reach === 0 ? -Infinity : Math.abs((x - a.x) * dy - (y - a.y) * dx) / reach;
  return Math.max(outsideX, outsideY, across);
}

test.each(['round', 'square'] as const)('radius 0.5, %s: exactly the pixel under the cursor', (shape) => {
  for (const [x, y] of [
    [1, 1],
    [1.5, 1.5],
    [1.999, 1.001],
  ] as const) {
    const point = imagePoint(x, y);
    expect(painted([4, 3], point, point, 0.5, shape)).toEqual(['....', '.#..', '....']);
  }
});

test('a round click', () => {
  const middle = imagePoint(2.5, 2.5);
  expect(painted([5, 5], middle, middle, 2, 'round')).toEqual(['..#..', '.###.', '#####', '.###.', '..#..']);
  const corner = imagePoint(2, 2);
  expect(painted([4, 4], corner, corner, 1, 'round')).toEqual(['....', '.##.', '.##.', '....']);
});

test.each([
  [1, 1],
  [1.5, 1.5],
  [1.3, 1.8],
])('a square of 2 px paints 4 pixels wherever it is (%d, %d)', (x, y) => {
  const point = imagePoint(x, y);
  const count = painted([5, 5], point, point, 1, 'square').join('').replaceAll('.', '').length;
  expect(count).toBe(4);
});

test('a thin diagonal is one line', () => {
  expect(painted([4, 4], imagePoint(0.2, 0.1), imagePoint(3.9, 3.5), 0.5, 'round')).toEqual([
    '#...',
    '.#..',
    '..#.',
    '...#',
  ]);
});

test('what is outside the mask is clipped', () => {
  expect(painted([3, 2], imagePoint(-1e6, 0.5), imagePoint(1e6, 0.5), 0.5, 'round')).toEqual(['###', '...']);
  expect(painted([3, 2], imagePoint(-9, -9), imagePoint(-9, -9), 3, 'square')).toEqual(['...', '...']);
});

test('random strokes paint exactly the pixels whose centre the brush covers', () => {
  const random = seededRandom(11);
  const size = [23, 19] as const;
  const shapes = { round: distance, square: squareDistance };
  let compared = 0;
  for (let round = 0; round < 1500; round++) {
    const shape = round % 2 === 0 ? 'round' : 'square';
    const radius = 1 + random() * 6;
    const from = imagePoint(random() * 33 - 5, random() * 29 - 5);
    const to = round % 7 === 0 ? from : imagePoint(random() * 33 - 5, random() * 29 - 5);
    const actual = painted(size, from, to, radius, shape);
    const expected = rows(...size, (x, y) => shapes[shape](x + 0.5, y + 0.5, from, to) <= radius);
    expect(actual).toEqual(expected);
    compared++;
  }
  expect(compared).toBe(1500);
});

test('on the grid too, where edges run through pixel centres: round includes its edge', () => {
  const random = seededRandom(12);
  const size = [17, 17] as const;
  const half = (span: number) => Math.floor(random() * span) / 2;
  for (let round = 0; round < 1000; round++) {
    const radius = 1 + half(10);
    const from = imagePoint(half(34), half(34));
    // Along an axis every figure is exact, so ties are ties.
    const to = round % 2 === 0 ? imagePoint(from.x, half(34)) : imagePoint(half(34), from.y);
    const expected = rows(...size, (x, y) => distance(x + 0.5, y + 0.5, from, to) <= radius);
    expect(painted(size, from, to, radius, 'round')).toEqual(expected);
  }
});

test('on the grid a square includes its left and top edge and not the others', () => {
  const random = seededRandom(13);
  const size = [17, 17] as const;
  const half = (span: number) => Math.floor(random() * span) / 2;
  for (let round = 0; round < 500; round++) {
    const radius = 1 + half(6);
    const from = imagePoint(half(34), half(34));
    const to = imagePoint(half(34), from.y);
    const expected = rows(...size, (x, y) => {
      const inX = Math.min(from.x, to.x) - radius <= x + 0.5 && x + 0.5 < Math.max(from.x, to.x) + radius;
      return inX && from.y - radius <= y + 0.5 && y + 0.5 < from.y + radius;
    });
    expect(painted(size, from, to, radius, 'square')).toEqual(expected);
  }
});

test.each(['round', 'square'] as const)('a fast thin %s stroke has no gap', (shape) => {
  const random = seededRandom(14);
  for (let round = 0; round < 200; round++) {
    const from = imagePoint(random() * 40, random() * 40);
    const to = imagePoint(random() * 40, random() * 40);
    const lines = painted([40, 40], from, to, 0.5 + random() * 0.5, shape);
    const first = Math.floor(Math.min(from.y, to.y));
    const last = Math.floor(Math.max(from.y, to.y));
    let previous: { start: number; end: number } | null = null;
    for (const line of lines.slice(first, last + 1)) {
      const run = { start: line.indexOf('#'), end: line.lastIndexOf('#') };
      expect(line.slice(run.start, run.end + 1)).toMatch(/^#+$/);
      // Its neighbour above is at most one pixel away, corners included.
      if (previous)
        expect(Math.max(run.start - previous.end, previous.start - run.end)).toBeLessThanOrEqual(1);
      previous = run;
    }
  }
});

test('a stroke over a picture of 8192 x 8192 remembers only the tiles it touches', () => {
  const raster = new MaskRaster({ width: 8192, height: 8192, ignoreId: classId(255) });
  raster.beginStep();
  paintStroke(raster, imagePoint(8000, 8000), imagePoint(8100, 8000), {
    radius: 20,
    shape: 'round',
    id: PAINT,
  });
  expect(raster.takeDirty()).toEqual({ x: 7980, y: 7980, width: 140, height: 40 });
  expect(raster.endStep()!.tiles.length).toBe(6);
});

test.each([
  [0.49, 'a brush cannot have a radius of 0.49 px. The smallest is 0.5'],
  [NaN, 'a brush cannot have a radius of NaN px. The smallest is 0.5'],
  [Infinity, 'a brush cannot have a radius of Infinity px. The smallest is 0.5'],
])('radius %d is refused', (radius, message) => {
  expect(() => painted([2, 2], imagePoint(0, 0), imagePoint(0, 0), radius, 'round')).toThrow(message);
});

test('a point that is none is refused', () => {
  expect(() => painted([2, 2], imagePoint(NaN, 0), imagePoint(1, 2), 1, 'round')).toThrow(
    'a stroke cannot go from NaN, 0 to 1, 2',
  );
});
