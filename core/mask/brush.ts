import type { ImagePoint } from '../geometry.ts';
import type { ClassId } from '../labels/classTable.ts';
import { ProblemError } from '../problem.ts';
import type { SpanSink } from './spanSink.ts';

export type BrushShape = 'round' | 'square';

export interface BrushOptions {
  /** Image pixels, at least 0.5; half the side of a square. */
  readonly radius: number;
  readonly shape: BrushShape;
  readonly id: ClassId;
}

/** A straight piece of a stroke, in image pixels. */
interface Stroke {
  readonly ax: number;
  readonly ay: number;
  readonly bx: number;
  readonly by: number;
  readonly radius: number;
}

/**
 * Paints what a brush covers on its straight way from one point to the next; a click is from = to.
 * A pixel is painted when its centre is covered: by a disc, edge included (so the way is a capsule), or by a
 * square, left and top edge included (so a square of a whole number of pixels always paints that many).
 * Below a radius of 1 px a brush could fall between the centres: it then counts as at the centre of the pixel
 * under it, and 0.5 paints exactly that pixel. Consecutive pieces that share their ends leave no gap.
 * Needs an open step. Throws `brush.radius`, `brush.point`.
 */
export function paintStroke(
  raster: SpanSink,
  from: ImagePoint,
  to: ImagePoint,
  { radius, shape, id }: BrushOptions,
): void {
  if (!(radius >= 0.5 && Number.isFinite(radius))) {
    throw new ProblemError({
      code: 'brush.radius',
      title: `a brush cannot have a radius of ${radius} px`,
      hint: 'The smallest is 0.5',
    });
  }
  const snap = radius < 1 ? (value: number) => Math.floor(value) + 0.5 : (value: number) => value;
  const stroke: Stroke = { ax: snap(from.x), ay: snap(from.y), bx: snap(to.x), by: snap(to.y), radius };
  if (![stroke.ax, stroke.ay, stroke.bx, stroke.by].every(Number.isFinite)) {
    throw new ProblemError({
      code: 'brush.point',
      title: `a stroke cannot go from ${from.x}, ${from.y} to ${to.x}, ${to.y}`,
    });
  }
  const covers = shape === 'round' ? discCovers : squareCovers;
  const rangeOfRow = shape === 'round' ? capsuleRange : sweptSquareRange;
  const firstRow = Math.max(0, Math.floor(Math.min(stroke.ay, stroke.by) - radius) - 1);
  const lastRow = Math.min(raster.height - 1, Math.ceil(Math.max(stroke.ay, stroke.by) + radius));
  for (let y = firstRow; y <= lastRow; y++) {
    const range = rangeOfRow(stroke, y + 0.5);
    if (!range) continue;
    // The range is right but for rounding; the definition decides about the pixels at its ends.
    let x0 = Math.max(0, Math.ceil(range[0] - 0.5) - 1);
    let x1 = Math.min(raster.width - 1, Math.floor(range[1] - 0.5) + 1);
    while (x0 <= x1 && !covers(stroke, x0 + 0.5, y + 0.5)) x0++;
    while (x0 <= x1 && !covers(stroke, x1 + 0.5, y + 0.5)) x1--;
    raster.setSpan(y, x0, x1 + 1, id);
  }
}

function discCovers({ ax, ay, bx, by, radius }: Stroke, x: number, y: number): boolean {
  const dx = bx - ax;
  const dy = by - ay;
  const lengthSquared = dx * dx + dy * dy;
  const along = lengthSquared === 0 ? 0 : ((x - ax) * dx + (y - ay) * dy) / lengthSquared;
  const t = Math.min(1, Math.max(0, along));
  const offX = x - (ax + t * dx);
  const offY = y - (ay + t * dy);
  return offX * offX + offY * offY <= radius * radius;
}

/** The x range of a capsule at height y: its two discs and the rectangle between them. */
function capsuleRange({ ax, ay, bx, by, radius }: Stroke, y: number): readonly [number, number] | null {
  let low = Infinity;
  let high = -Infinity;
  const include = (x: number) => {
    low = Math.min(low, x);
    high = Math.max(high, x);
  };
  for (const [cx, cy] of [
    [ax, ay],
    [bx, by],
  ] as const) {
    const half = Math.sqrt(radius * radius - (y - cy) * (y - cy));
    if (half >= 0) {
      include(cx - half);
      include(cx + half);
    }
  }
  const length = Math.hypot(bx - ax, by - ay);
  if (length > 0) {
    const nx = (-(by - ay) / length) * radius;
    const ny = ((bx - ax) / length) * radius;
    const corners = [
      [ax + nx, ay + ny],
      [bx + nx, by + ny],
      [bx - nx, by - ny],
      [ax - nx, ay - ny],
    ] as const;
    for (let n = 0; n < 4; n++) {
      const [px, py] = corners[n]!;
      const [qx, qy] = corners[(n + 1) % 4]!;
      if (py !== qy && Math.min(py, qy) <= y && y <= Math.max(py, qy)) {
        include(px + ((y - py) / (qy - py)) * (qx - px));
      }
    }
  }
  return low <= high ? [low, high] : null;
}

/** Whether, at some time 0 <= t <= 1, both centre - radius < p(t) <= centre + radius hold. */
function squareCovers({ ax, ay, bx, by, radius }: Stroke, x: number, y: number): boolean {
  let first = 0;
  let last = 1;
  let firstOpen = false;
  let lastOpen = false;
  for (const [start, delta, centre] of [
    [ax, bx - ax, x],
    [ay, by - ay, y],
  ] as const) {
    if (delta === 0) {
      if (!(centre - radius < start && start <= centre + radius)) return false;
      continue;
    }
    const open = (centre - radius - start) / delta;
    const closed = (centre + radius - start) / delta;
    const [enter, leave] = delta > 0 ? [open, closed] : [closed, open];
    if (enter > first || (enter === first && delta > 0)) {
      first = enter;
      firstOpen = delta > 0;
    }
    if (leave < last || (leave === last && delta < 0)) {
      last = leave;
      lastOpen = delta < 0;
    }
  }
  return first < last || (first === last && !firstOpen && !lastOpen);
}

/** The x range of a swept square at height y, edges included. */
function sweptSquareRange({ ax, ay, bx, by, radius }: Stroke, y: number): readonly [number, number] | null {
  const dy = by - ay;
  let first = 0;
  let last = 1;
  if (dy === 0) {
    if (Math.abs(y - ay) > radius) return null;
  } else {
    const t0 = (y - radius - ay) / dy;
    const t1 = (y + radius - ay) / dy;
    first = Math.max(0, Math.min(t0, t1));
    last = Math.min(1, Math.max(t0, t1));
    // Two ends that only touch may come out in the wrong order by rounding.
    if (first > last + 1e-9) return null;
  }
  const x0 = ax + first * (bx - ax);
  const x1 = ax + last * (bx - ax);
  return [Math.min(x0, x1) - radius, Math.max(x0, x1) + radius];
}
