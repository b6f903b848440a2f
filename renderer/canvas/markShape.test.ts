import { describe, expect, it } from 'vitest';
import { imagePoint } from '#core/geometry.ts';
import { crossMark, markOf } from './markShape.ts';

const placement = { scale: 2, left: 10, top: 20 };
const circle = (x: number, y: number, radius: number) =>
  ({ kind: 'circle', centre: imagePoint(x, y), radius }) as const;

describe('markOf', () => {
  it('puts a circle at true size around its centre', () => {
    const mark = markOf(circle(5, 5, 4), placement, 1);
    expect(mark).toEqual({
      path: 'M2 10A8 8 0 0 1 18 10A8 8 0 0 1 2 10Z',
      ...{ width: 20, height: 20, left: 10, top: 20 },
    });
  });

  it('keeps path and size while the circle moves, on whole device pixels', () => {
    const [here, there] = [circle(5, 5, 3.3), circle(7.31, 6.2, 3.3)].map((one) =>
      markOf(one, placement, 1.5),
    );
    expect(there).toMatchObject({ path: here?.path, width: here?.width, height: here?.height });
    expect(((there?.left ?? NaN) * 1.5) % 1).toBeCloseTo(0, 9);
  });

  it('gives the same path to the same outline at another place', () => {
    const square = (x: number) => ({ kind: 'rect', rect: { x, y: 1, width: 3, height: 2 } }) as const;
    expect(markOf(square(4), placement, 1)).toEqual({
      path: 'M2 2L8 2L8 6L2 6Z',
      ...{ width: 10, height: 8, left: 16, top: 20 },
    });
    expect(markOf(square(40), placement, 1)?.path).toBe('M2 2L8 2L8 6L2 6Z');
  });

  it('leaves what is filled, coloured, dashed, open or huge to the canvas', () => {
    const points = [imagePoint(0, 0), imagePoint(1, 0), imagePoint(1, 1)];
    const rect = { x: 0, y: 0, width: 2, height: 2 };
    for (const shape of [
      { kind: 'rect', rect, fill: true },
      { kind: 'rect', rect, colour: [1, 2, 3] },
      { kind: 'path', points, closed: true, dashed: true },
      { kind: 'path', points, closed: false },
      { kind: 'path', points: [], closed: true },
      circle(0, 0, 5000),
      { kind: 'handle', at: imagePoint(0, 0), active: false },
    ] as const) {
      expect(markOf(shape, placement, 1)).toBeNull();
    }
  });
});

describe('crossMark', () => {
  it('lies with its middle on the pixel of the screen that the point is in', () => {
    const { left, top, path, width } = crossMark(imagePoint(5, 5), placement, 1);
    expect({ left: left + 11, top: top + 11, width }).toEqual({ left: 20, top: 30, width: 23 });
    expect(path).toBe('M2.5 11.5H8.5M14.5 11.5H20.5M11.5 2.5V8.5M11.5 14.5V20.5');
  });
});
