import { describe, expect, it } from 'vitest';
import { imagePoint } from '#core/geometry.ts';
import { brushOutline } from './brushOutline.ts';

const corners = (x: number, y: number, size: number, shape: 'round' | 'square'): string =>
  brushOutline(imagePoint(x, y), { size, shape })
    .map((point) => `${point.x},${point.y}`)
    .join(' ');

describe('brush outline', () => {
  it('is the pixel under the pointer for a brush of one', () => {
    expect(corners(4.9, 7.1, 1, 'round')).toBe('5,7 5,8 4,8 4,7');
    expect(corners(-0.1, 0.4, 1, 'square')).toBe('0,0 0,1 -1,1 -1,0');
  });

  it('has the side of the square', () => {
    expect(corners(1.5, 1.5, 3, 'square')).toBe('3,0 3,1 3,1 3,2 3,2 3,3 0,3 0,2 0,2 0,1 0,1 0,0');
  });

  it('follows the steps of a disc', () => {
    expect(corners(2.5, 2.5, 4, 'round')).toBe(
      '3,0 3,1 4,1 4,2 5,2 5,3 4,3 4,4 3,4 3,5 2,5 2,4 1,4 1,3 0,3 0,2 1,2 1,1 2,1 2,0',
    );
  });
});
