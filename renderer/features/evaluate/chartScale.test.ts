import { expect, it } from 'vitest';
import { chartScale, tickLabel } from './chartScale.ts';

it('has round ticks inside, and puts ends where they belong', () => {
  const scale = chartScale([54.9, 67.2], { start: 300, end: 0 });
  expect(scale.ticks).toEqual([55, 60, 65]);
  expect(scale.at(scale.from)).toBe(300);
  expect(scale.at(scale.to)).toBe(0);
  expect(scale.ticks.map((tick) => tickLabel(tick, scale.ticks))).toEqual(['55', '60', '65']);
});

it('keeps to its bounds, and has room for a single value', () => {
  const scale = chartScale([99, 100], { start: 0, end: 100 }, { most: 100 });
  expect(scale.to).toBe(100);
  const one = chartScale([5], { start: 0, end: 100 });
  expect(one.at(5)).toBeCloseTo(50);
  const small = chartScale([0.11, 0.42], { start: 0, end: 100 });
  expect(small.ticks.map((tick) => tickLabel(tick, small.ticks))).toEqual(['0.1', '0.2', '0.3', '0.4']);
});
