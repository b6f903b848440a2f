import type { ImagePoint } from '#core/geometry.ts';

/** A click this near to the first point closes the polygon. Screen pixels. */
const CLOSE_DISTANCE = 8;
/** Points of one click or of a trembling hand: nearer than this they are the same. Screen pixels. */
const SAME_DISTANCE = 2;

/** Distance of two points of the picture as seen on screen; `scale` is screen pixels per image pixel. */
export function screenDistance(a: ImagePoint, b: ImagePoint, scale: number): number {
  return Math.hypot(a.x - b.x, a.y - b.y) * scale;
}

/** Whether a click at `point` closes the polygon: it has an area, and its first point is near. */
export function closesPolygon(points: readonly ImagePoint[], point: ImagePoint, scale: number): boolean {
  const first = points[0];
  return points.length >= 3 && first !== undefined && screenDistance(first, point, scale) <= CLOSE_DISTANCE;
}

/** The points with one more, or the same points where it lies on the last one. */
export function withPoint(
  points: readonly ImagePoint[],
  point: ImagePoint,
  scale: number,
): readonly ImagePoint[] {
  const last = points[points.length - 1];
  return last && screenDistance(last, point, scale) < SAME_DISTANCE ? points : [...points, point];
}
