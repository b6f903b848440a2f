import { describe, expect, it } from 'vitest';
import { imagePoint } from '#core/geometry.ts';
import { overlayShapes } from './overlayShapes.ts';
import type { ToolOverlay } from './toolOverlay.ts';

const RED = [255, 0, 0] as const;
const brush = (size: number, shape: 'round' | 'square', x = 10): ToolOverlay => ({
  kind: 'brush',
  centre: imagePoint(x, 10),
  size,
  shape,
  lineFrom: null,
  sizing: false,
});

describe('overlay of a brush', () => {
  it('is a circle or a square of its true size', () => {
    expect(overlayShapes(brush(7, 'round'), RED, 1)).toEqual([
      { kind: 'circle', centre: imagePoint(10, 10), radius: 3.5 },
    ]);
    expect(overlayShapes(brush(4, 'square', 10.4), RED, 1)).toEqual([
      { kind: 'rect', rect: { x: 8, y: 8, width: 4, height: 4 } },
    ]);
  });

  it('follows the pixels where they are large', () => {
    const [shape] = overlayShapes(brush(2, 'square'), RED, 8);
    const points = [
      [11, 9],
      [11, 10],
      [11, 10],
      [11, 11],
      [9, 11],
      [9, 10],
      [9, 10],
      [9, 9],
    ] as const;
    expect(shape).toEqual({ kind: 'path', points: points.map(([x, y]) => imagePoint(x, y)), closed: true });
  });

  it('shows where a Shift+click would draw its line', () => {
    const overlay = { ...brush(3, 'round'), lineFrom: imagePoint(0, 0) } as ToolOverlay;
    expect(overlayShapes(overlay, RED, 1)[1]).toEqual({
      kind: 'path',
      points: [imagePoint(0, 0), imagePoint(10, 10)],
      closed: false,
      dashed: true,
    });
  });
});

describe('overlay of a polygon', () => {
  const points = [imagePoint(0, 0), imagePoint(8, 0), imagePoint(8, 8)];

  it('hangs on the pointer until a click would close it', () => {
    const cursor = imagePoint(1, 7);
    const open = overlayShapes({ kind: 'polygon', points, cursor, closing: false }, RED, 1);
    expect(open[0]).toMatchObject({ points: [...points, cursor], fill: true, colour: RED });
    const closing = overlayShapes({ kind: 'polygon', points, cursor, closing: true }, RED, 1);
    expect(closing[0]).toMatchObject({ points });
    expect(closing.filter((shape) => shape.kind === 'handle').map((shape) => shape.active)).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('keeps a freehand line free of handles but for its start', () => {
    const many = Array.from({ length: 50 }, (_, index) => imagePoint(index, index % 2));
    const shapes = overlayShapes({ kind: 'polygon', points: many, cursor: null, closing: false }, RED, 1);
    expect(shapes.filter((shape) => shape.kind === 'handle')).toHaveLength(1);
  });
});
