import { expect, it } from 'vitest';
import { oklabByVision, worstDistance } from './oklab.ts';
import { SAFE_COLOURS, safePalette } from './safePalette.ts';

const seen = safePalette(200).map(oklabByVision);

/** The smallest distance between any two of the first `count`, for the eyes that see them worst. */
function least(count: number): number {
  let smallest = Infinity;
  for (let a = 0; a < count; a++) {
    for (let b = 0; b < a; b++) smallest = Math.min(smallest, worstDistance(seen[a]!, seen[b]!));
  }
  return smallest;
}

it('has a hundred and fifty colours, begins with Okabe and Ito, and no two are equally light', () => {
  expect(safePalette(200)).toHaveLength(SAFE_COLOURS);
  expect(safePalette(2)[1]).toEqual([86, 180, 233]);
  const lightness = seen.map((visions) => visions[0]![0]).sort((a, b) => a - b);
  const steps = lightness.slice(1).map((value, index) => value - lightness[index]!);
  expect(Math.min(...steps)).toBeGreaterThan(0.0015);
});

it('can be told apart by every kind of eye: the more colours, the closer they are', () => {
  // Two greys one step of 8 bits apart are about 0.004 apart.
  expect(least(7)).toBeGreaterThan(0.07);
  expect(least(20)).toBeGreaterThan(0.07);
  expect(least(SAFE_COLOURS)).toBeGreaterThan(0.025);
});

it('sees red and green alike where the eye has no green cones', () => {
  const [full, , deutan] = oklabByVision([180, 60, 0]).map((one, vision) => {
    const other = oklabByVision([110, 120, 0])[vision]!;
    return Math.hypot(one[1] - other[1], one[2] - other[2]);
  });
  expect(full).toBeGreaterThan(0.12);
  expect(deutan).toBeLessThan(0.04);
});
