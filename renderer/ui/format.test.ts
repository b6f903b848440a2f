import { describe, expect, it } from 'vitest';
import { bytes, change, macs, milliseconds, parameters, percent, unit } from './format.ts';

describe('figures', () => {
  it('say 100% and 0% only where it is exactly so', () => {
    expect([1, 0.99999, 0.9312, 0.00001, 0].map((share) => percent(share))).toEqual([
      '100%',
      '99.9%',
      '93.1%',
      '0.1%',
      '0%',
    ]);
  });

  it('carry sign and unit', () => {
    expect(change(-0.512)).toBe('−51%');
    expect(change(0.03)).toBe('+3%');
    expect(change(0.001)).toBe('±0%');
    expect(macs(4_104_000_000)).toBe('4.10 G');
    expect(macs(12_300_000)).toBe('12.3 M');
    expect(macs(36_864)).toBe('36.9 k');
    expect(macs(999)).toBe('999');
    expect(bytes(14_912_345)).toBe('14.9 MB');
    expect(parameters(3_716_000)).toBe('3.72 M');
    expect(parameters(12_400)).toBe('12 k');
    expect(parameters(6)).toBe('6');
    expect(milliseconds(300.6)).toBe('301');
    expect(milliseconds(9.94)).toBe('9.9');
    expect(milliseconds(9.96)).toBe('10');
  });

  it('write shares of one without the zero', () => {
    expect([0.934, 1, 0].map(unit)).toEqual(['.93', '1.00', '.00']);
  });
});
