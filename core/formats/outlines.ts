import { imagePoint, type ImagePoint } from '../geometry.ts';

/** Corners of an ellipse: more than any pixel could tell from it. */
const CORNERS = 128;

interface Turned {
  /** Clockwise about the centre. Default: 0. */
  readonly degrees?: number;
}

/** An ellipse as a polygon; centre and radii in pixels. */
export function ellipseOutline(
  [x, y]: readonly [x: number, y: number],
  [across, down]: readonly [across: number, down: number],
  options: Turned = {},
): ImagePoint[] {
  const corners = Array.from({ length: CORNERS }, (_, n) => (n / CORNERS) * 2 * Math.PI);
  const points = corners.map((angle) => [across * Math.cos(angle), down * Math.sin(angle)] as const);
  return around([x, y], points, options);
}

/** A rectangle as a polygon, from two opposite corners. */
export function boxOutline(
  [x0, y0]: readonly [x: number, y: number],
  [x1, y1]: readonly [x: number, y: number],
  options: Turned = {},
): ImagePoint[] {
  const [across, down] = [Math.abs(x1 - x0) / 2, Math.abs(y1 - y0) / 2];
  const points = [
    [-across, -down],
    [across, -down],
    [across, down],
    [-across, down],
  ] as const;
  return around([(x0 + x1) / 2, (y0 + y1) / 2], points, options);
}

function around(
  [x, y]: readonly [x: number, y: number],
  points: readonly (readonly [x: number, y: number])[],
  { degrees = 0 }: Turned,
): ImagePoint[] {
  const angle = (degrees / 180) * Math.PI;
  const [cos, sin] = degrees === 0 ? [1, 0] : [Math.cos(angle), Math.sin(angle)];
  return points.map(([dx, dy]) => imagePoint(x + dx * cos - dy * sin, y + dx * sin + dy * cos));
}
