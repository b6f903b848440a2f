import { expect, it } from 'vitest';
import { colourDistance, PictureColours } from './pictureColours.ts';
import { Superpixels } from './superpixels.ts';

/** Left of x = 23 dark, right of it light. */
function halves(width: number, height: number): { colours: PictureColours; reads: string[] } {
  const reads: string[] = [];
  const colours = new PictureColours(width, height, (rect) => {
    reads.push(`${rect.x} ${rect.y} ${rect.width} ${rect.height}`);
    const data = new Uint8ClampedArray(rect.width * rect.height * 4);
    for (let y = 0; y < rect.height; y++) {
      for (let x = 0; x < rect.width; x++) {
        data.set(rect.x + x < 23 ? [10, 20, 30, 255] : [200, 210, 220, 255], (y * rect.width + x) * 4);
      }
    }
    return data;
  });
  return { colours, reads };
}

it('colours are read in tiles, once', () => {
  const { colours, reads } = halves(300, 40);
  expect([colours.at(22, 3), colours.at(23, 3), colours.at(299, 39)]).toEqual([0x0a141e, 0xc8d2dc, 0xc8d2dc]);
  colours.at(0, 0);
  expect(reads).toEqual(['0 0 256 40', '256 0 44 40']);
  expect(colourDistance(0x0a141e, 0x0a1a10)).toBe(14);
});

it('superpixels keep to the borders of colour', () => {
  const superpixels = new Superpixels(halves(64, 64).colours, 16);
  for (const [x, y] of [
    [20, 20],
    [26, 20],
    [22, 40],
  ] as const) {
    const region = superpixels.at(x, y)!;
    expect(region.area).toBeGreaterThan(40);
    const columns = Array.from(region.runs).flatMap((value, n) =>
      n % 3 === 1 ? [value] : n % 3 === 2 ? [value - 1] : [],
    );
    expect(new Set(columns.map((column) => column < 23))).toEqual(new Set([x < 23]));
  }
  expect(superpixels.at(64, 0)).toBeNull();
});

it('superpixels go on across the edges of the blocks that they are computed in', () => {
  const superpixels = new Superpixels(halves(400, 48).colours, 16);
  const spanning = Array.from({ length: 10 }, (_, n) => superpixels.at(187 + n, 24)!.rect);
  expect(spanning.some((rect) => rect.x < 192 && rect.x + rect.width > 192)).toBe(true);
});
