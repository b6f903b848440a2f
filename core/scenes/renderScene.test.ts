import { describe, expect, it } from 'vitest';
import type { ClassIds } from '../mask/classMap.ts';
import { SCENE_CLASS_NAMES } from './classes.ts';
import { renderScene } from './renderScene.ts';

/** FNV-1a, 32 bits. */
function hashOf(bytes: Iterable<number>): string {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}

function shares(ids: ClassIds): number[] {
  const counts = new Array<number>(SCENE_CLASS_NAMES.length).fill(0);
  for (const id of ids) counts[id]! += 1 / ids.length;
  return counts;
}

// Patient: machines that run many tests at once render slowly.
describe('renderScene', { timeout: 120_000 }, () => {
  it('gives the same bytes for the same seed, here and on every machine', () => {
    const first = renderScene({ seed: 2024, width: 96, height: 72 });
    const second = renderScene({ seed: 2024, width: 96, height: 72 });
    expect(second).toEqual(first);
    // A change of the look changes these two, on purpose; another machine must not.
    expect(hashOf(first.image.data)).toBe('68b58472');
    expect(hashOf(first.classMap.ids)).toBe('b67e5477');
  });

  it('gives another street for the next seed', () => {
    const first = renderScene({ seed: 2024, width: 64, height: 48 });
    const second = renderScene({ seed: 2025, width: 64, height: 48 });
    expect(second.classMap.ids).not.toEqual(first.classMap.ids);
  });

  it('shows all classes over a few seeds, about as often as a camera in Cambridge sees them', () => {
    const sum = new Array<number>(SCENE_CLASS_NAMES.length).fill(0);
    const scenes = 16;
    for (let seed = 3000; seed < 3000 + scenes; seed++) {
      const { classMap } = renderScene({ seed, width: 64, height: 48 });
      shares(classMap.ids).forEach((share, id) => (sum[id]! += share / scenes));
    }
    const [sky, building, pole, road, pavement, tree, sign, fence, car, pedestrian, bicyclist] = sum;
    expect(sky).toBeGreaterThan(0.1);
    expect(building).toBeGreaterThan(0.15);
    expect(road).toBeGreaterThan(0.18);
    expect(pavement).toBeGreaterThan(0.02);
    expect(tree).toBeGreaterThan(0.03);
    expect(car).toBeGreaterThan(0.03);
    for (const rare of [pole, sign, fence, pedestrian, bicyclist]) expect(rare).toBeGreaterThan(0.002);
  });

  it.each([
    [1, 1],
    [64, 48],
    [33, 57],
    [301, 7],
    [5, 200],
  ])('fills a picture of %d x %d with valid classes and opaque pixels', (width, height) => {
    const { image, classMap } = renderScene({ seed: 7, width, height });
    expect(image).toMatchObject({ width, height });
    expect(classMap).toMatchObject({ width, height });
    expect(classMap.ids).toHaveLength(width * height);
    expect(image.data).toHaveLength(width * height * 4);
    expect(classMap.ids.every((id) => id < SCENE_CLASS_NAMES.length)).toBe(true);
    expect(image.data.every((value, i) => i % 4 !== 3 || value === 255)).toBe(true);
  });

  it('shows the same street at twice the size', () => {
    for (const seed of [11, 12, 13]) {
      const small = shares(renderScene({ seed, width: 96, height: 72 }).classMap.ids);
      const large = shares(renderScene({ seed, width: 192, height: 144 }).classMap.ids);
      small.forEach((share, id) => {
        expect(Math.abs(share - large[id]!)).toBeLessThan(0.02);
      });
    }
  });

  it('gives the rows of a large picture in bands that fit together', () => {
    // Wider than one band of rows; the class at a pixel's centre must not know of bands.
    const wide = renderScene({ seed: 5, width: 1500, height: 225 });
    const narrow = renderScene({ seed: 5, width: 500, height: 75 });
    let same = 0;
    for (let y = 0; y < 75; y++) {
      for (let x = 0; x < 500; x++) {
        // The centre of a pixel is the centre of the middle one of its nine.
        if (narrow.classMap.ids[y * 500 + x] === wide.classMap.ids[(3 * y + 1) * 1500 + 3 * x + 1]) same++;
      }
    }
    expect(same / 37_500).toBeGreaterThan(0.999);
  });

  it('refuses sizes and seeds that it cannot render', () => {
    expect(() => renderScene({ seed: 1, width: 0, height: 48 })).toThrow(
      'a picture of 0x48 cannot be rendered. Width and height are whole numbers from 1 to 16384',
    );
    expect(() => renderScene({ seed: 1, width: 64, height: 20000 })).toThrow(
      'a picture of 64x20000 cannot be rendered. Width and height are whole numbers from 1 to 16384',
    );
    expect(() => renderScene({ seed: 1.5, width: 64, height: 48 })).toThrow(
      'seed 1.5 is not a whole number. Use a whole number, such as 1',
    );
  });
});
