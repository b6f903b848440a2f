import { imagePoint, type ImagePoint } from '#core/geometry.ts';
import type { OverlayShape } from '../store/stageTool.ts';
import { toScreen, type Placement } from './viewport.ts';

/** An outline as an SVG path, and where on the stage its box lies, CSS pixels. */
export interface Mark {
  /** Relative to the box, the same wherever the outline is moved to. */
  readonly path: string;
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly top: number;
}

/** Around the outline, for the width of its lines. */
const PAD = 2;
/** CSS pixels: an element larger than any window would cost its whole area. */
const LARGEST = 3000;
const CROSS = 9;
const CROSS_GAP = 3;

/**
 * The mark of an outline that a tool shows; null for shapes that are filled, dashed, coloured, or too large to be an
 * element. `ratio`: device pixels per CSS pixel; the mark lies on whole device pixels, so that its lines are sharp.
 */
export function markOf(shape: OverlayShape, placement: Placement, ratio: number): Mark | null {
  const { scale } = placement;
  switch (shape.kind) {
    case 'circle': {
      if (shape.colour) return null;
      const radius = Math.max(1, shape.radius * scale);
      if (2 * radius > LARGEST) return null;
      const { x, y } = toScreen(shape.centre, placement);
      const [start, end, arc] = [PAD, number(2 * radius + PAD), number(radius)];
      const middle = number(radius + PAD);
      const half = (to: number): string => `A${arc} ${arc} 0 0 1 ${to} ${middle}`;
      return boxed({
        path: `M${start} ${middle}${half(end)}${half(start)}Z`,
        ...{ x: x - radius, y: y - radius, width: 2 * radius, height: 2 * radius, ratio },
      });
    }
    case 'rect': {
      if (shape.colour || shape.fill) return null;
      const { x, y, width, height } = shape.rect;
      const corners = [
        imagePoint(x, y),
        imagePoint(x + width, y),
        imagePoint(x + width, y + height),
        imagePoint(x, y + height),
      ];
      return outline(corners, placement, ratio);
    }
    case 'path':
      if (shape.colour || shape.fill || shape.dashed || !shape.closed || shape.points.length === 0)
        return null;
      return outline(shape.points, placement, ratio);
    case 'handle':
    case 'edges':
      return null;
  }
}

/** The shared cursor: a cross with a hole, so that the pixel itself stays visible. */
export function crossMark(at: ImagePoint, placement: Placement, ratio: number): Mark {
  const { x, y } = toScreen(at, placement);
  const middle = CROSS + PAD + 0.5;
  const path = [
    `M${middle - CROSS} ${middle}H${middle - CROSS_GAP}M${middle + CROSS_GAP} ${middle}H${middle + CROSS}`,
    `M${middle} ${middle - CROSS}V${middle - CROSS_GAP}M${middle} ${middle + CROSS_GAP}V${middle + CROSS}`,
  ].join('');
  return boxed({ path, x: x - CROSS, y: y - CROSS, width: 2 * CROSS + 1, height: 2 * CROSS + 1, ratio });
}

function outline(points: readonly ImagePoint[], placement: Placement, ratio: number): Mark | null {
  let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { x, y } of points) {
    [x0, y0, x1, y1] = [Math.min(x0, x), Math.min(y0, y), Math.max(x1, x), Math.max(y1, y)];
  }
  const { scale, left, top } = placement;
  const [width, height] = [(x1 - x0) * scale, (y1 - y0) * scale];
  if (Math.max(width, height) > LARGEST) return null;
  const path = points
    .map(
      ({ x, y }, n) =>
        `${n === 0 ? 'M' : 'L'}${number((x - x0) * scale + PAD)} ${number((y - y0) * scale + PAD)}`,
    )
    .join('');
  return boxed({ path: `${path}Z`, x: x0 * scale + left, y: y0 * scale + top, width, height, ratio });
}

interface Box {
  readonly path: string;
  /** Of the outline without its padding, CSS pixels. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly ratio: number;
}

function boxed({ path, x, y, width, height, ratio }: Box): Mark {
  const whole = (value: number): number => Math.round(value * ratio) / ratio;
  return {
    path,
    width: Math.ceil(width + 2 * PAD),
    height: Math.ceil(height + 2 * PAD),
    left: whole(x - PAD),
    top: whole(y - PAD),
  };
}

/** Short, and the same for the same shape at another place. */
const number = (value: number): number => Math.round(value * 100) / 100;
