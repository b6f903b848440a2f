import { expect, test } from 'vitest';
import { gateLayout } from '../gates/gateLayout.ts';
import { statisticsOf } from '../gates/gateStatistics.ts';
import { GateDistances, gateDistances } from './gateDistances.ts';

/** Ten neurons: the last byte is used in part. */
const images = [
  Uint8Array.of(0b11110000, 0b01),
  Uint8Array.of(0b11111111, 0b11),
  Uint8Array.of(0b11110001, 0b01),
];

test('the mean over neurons of |kept - frequency|, as the statistics of gates have it', () => {
  const layer = { name: 'gates', stage: 0, block: 0, kind: 'ffn', neurons: 10, groups: 1 } as const;
  const statistics = statisticsOf(gateLayout([layer]), images);
  const distances = new GateDistances(10);
  for (const bits of images) distances.add(bits);
  for (const bits of images) expect(distances.of(bits)).toBeCloseTo(statistics.distance(bits), 12);
  // The second keeps bits 1, 2, 3 and 9 alone, bit 0 with one other.
  expect(distances.of(images[1]!)).toBeCloseTo((4 * (2 / 3) + 1 / 3) / 10, 12);
});

test('one more image counts in the next answer', () => {
  const distances = new GateDistances(8);
  distances.add(Uint8Array.of(0b1));
  expect(distances.of(Uint8Array.of(0b11))).toBe(1 / 8);
  distances.add(Uint8Array.of(0b10));
  expect(distances.of(Uint8Array.of(0b11))).toBe((0.5 + 0.5) / 8);
});

test('an image without gates, or with those of another student, has no distance', () => {
  expect(gateDistances([null, { neurons: 8, bits: '01' }, { neurons: 16, bits: '0101' }])).toEqual([
    null,
    0,
    null,
  ]);
  expect(gateDistances([null])).toEqual([null]);
});
