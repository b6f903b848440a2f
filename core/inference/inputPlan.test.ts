import { expect, test } from 'vitest';
import { preprocessorConfigSchema } from '../models/modelInfo.ts';
import { planInput } from './inputPlan.ts';

const config = preprocessorConfigSchema.parse({ size: { height: 512, width: 512 } });
const whole = (width: number, height: number) => ({ width, height, tiles: [{ x: 0, y: 0, width, height }] });

test('square is what the preprocessor says, whatever the picture', () => {
  expect(planInput({ width: 2048, height: 1536 }, config, 'square')).toEqual(whole(512, 512));
});

test('aspect keeps the proportions and the number of pixels', () => {
  expect(planInput({ width: 2048, height: 1024 }, config, 'aspect')).toEqual(whole(728, 360));
  expect(planInput({ width: 50, height: 100 }, config, 'aspect')).toEqual(whole(360, 728));
});

test('aspect leaves a size alone that has the proportions already, multiples of 8 or not', () => {
  const odd = preprocessorConfigSchema.parse({ size: { height: 300, width: 500 } });
  expect(planInput({ width: 1000, height: 600 }, odd, 'aspect')).toEqual(whole(500, 300));
});

test('a picture that fits into one tile is not cut', () => {
  expect(planInput({ width: 500, height: 300 }, config, 'tiles')).toEqual(whole(512, 512));
});

test.each([
  [2048, 1536, 20],
  [2048, 300, 9],
  [520, 512, 2],
  [20_000, 15_000, 63],
])('%i x %i in tiles: covered, overlapping by a quarter, all of one size', (width, height, count) => {
  const plan = planInput({ width, height }, config, 'tiles');
  expect(plan.tiles).toHaveLength(count);
  expect(plan.width * plan.height).toBeLessThan(2 ** 23 + 2 ** 16);
  for (const tile of plan.tiles) {
    expect([tile.width, tile.height, tile.x % 8, tile.y % 8]).toEqual([512, 512, 0, 0]);
  }
  const columns = [...new Set(plan.tiles.map(({ x }) => x))];
  columns.slice(1).forEach((x, index) => expect(columns[index]! + 512 - x).toBeGreaterThanOrEqual(124));
  expect(columns.at(-1)! + 512).toBe(plan.width);
  expect(plan.tiles.at(-1)!.y + 512).toBe(plan.height);
});
