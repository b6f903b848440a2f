import { expect, test } from 'vitest';
import { heatColour, heatMap, HEAT_TABLE } from './heatMap.ts';

test('levels are the root of the share of the largest', () => {
  const field = { width: 4, height: 1, values: Float32Array.of(0, 0.5, 2, NaN) };
  const { levels, largest, mean } = heatMap(field, field);
  expect(levels).toEqual({ width: 4, height: 1, ids: Uint8Array.of(0, 128, 255, 0) });
  expect(largest).toBe(2);
  expect(mean).toBe(0.625);
});

test('between positions it is bilinear, pixel centres aligned', () => {
  const field = { width: 2, height: 2, values: Float32Array.of(0, 1, 0, 1) };
  // Positions lie at 0.5 and 2.5 of 4: the pixels in the middle have a quarter and three quarters.
  const row = [0, Math.round(255 * Math.sqrt(0.25)), Math.round(255 * Math.sqrt(0.75)), 255];
  expect([...heatMap(field, { width: 4, height: 2 }).levels.ids]).toEqual([...row, ...row]);
});

test('where nothing differs all is 0', () => {
  const { levels, largest } = heatMap(
    { width: 1, height: 1, values: Float32Array.of(0) },
    { width: 2, height: 1 },
  );
  expect([...levels.ids]).toEqual([0, 0]);
  expect(largest).toBe(0);
});

test('more is lighter', () => {
  const light = Array.from({ length: 256 }, (_, level) => {
    const [red, green, blue] = heatColour(level / 255);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  });
  for (let level = 1; level < 256; level++) expect(light[level]!).toBeGreaterThanOrEqual(light[level - 1]!);
  expect(HEAT_TABLE.classes[255]!.colour).toEqual([252, 255, 164]);
});
