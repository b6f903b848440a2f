import { expect, it } from 'vitest';
import { duration, isCertain, metricValue, points, range, signedPoints } from './figureFormat.ts';

it('writes shares in points, differences with a sign', () => {
  expect([0.6571, 1, null].map(points)).toEqual(['65.7', '100.0', '–']);
  expect([-0.0152, 0.02, 0.0004, null].map(signedPoints)).toEqual(['−1.5', '+2.0', '±0.0', '–']);
});

it('writes each metric in its unit, a drop as a loss', () => {
  expect(metricValue('miouDrop', 0.1)).toBe('−10.0 pt');
  expect(metricValue('worstRegion', 12345)).toBe('12,345 px');
  expect(metricValue('divergence', 0.0123)).toBe('0.012 nats');
  expect(metricValue('milliseconds', 301.4)).toBe('301 ms');
  expect(metricValue('disputed', 0.0456)).toBe('4.6%');
  expect(metricValue('kept', undefined)).toBe('–');
});

it('calls a difference certain where its interval lies on one side of zero', () => {
  expect(isCertain({ value: -0.01, low: -0.02, high: -0.001 })).toBe(true);
  expect(isCertain({ value: -0.01, low: -0.02, high: 0.001 })).toBe(false);
  expect(isCertain({ value: 0.01, low: null, high: null })).toBe(false);
  expect(range({ value: 0.5, low: 0.4, high: 0.6 }, points)).toBe('40.0 – 60.0');
});

it('says times as people do', () => {
  expect([0.2, 40, 75, 3600, 7500].map(duration)).toEqual(['1 s', '40 s', '1 min', '1 h 0 min', '2 h 5 min']);
});
