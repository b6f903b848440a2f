import { describe, expect, it } from 'vitest';
import { clampBrushSize, steppedBrushSize } from './brushSettings.ts';

describe('brush sizes', () => {
  it('are whole and between 1 and 512', () => {
    expect([-3, 0.2, 7.5, 511.6, 9999].map(clampBrushSize)).toEqual([1, 1, 8, 512, 512]);
  });

  it('step by one where that is much, by a sixth where it is little', () => {
    expect([1, 2, 8, 60, 500].map((size) => steppedBrushSize(size, 1))).toEqual([2, 3, 9, 70, 512]);
    expect([1, 2, 9, 60, 512].map((size) => steppedBrushSize(size, -1))).toEqual([1, 1, 7, 50, 427]);
  });
});
