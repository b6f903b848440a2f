import type { ImagePoint } from '../geometry.ts';
import type { ClassId } from '../labels/classTable.ts';
import { ProblemError } from '../problem.ts';
import type { SpanSink } from './spanSink.ts';

/** An edge that crosses pixel centres, from its upper end. */
interface Edge {
  readonly x: number;
  readonly y: number;
  readonly slope: number;
  /** Rows whose centre it crosses: firstRow <= row < endRow. */
  readonly firstRow: number;
  readonly endRow: number;
}

/**
 * Fills a closed polygon (the last point joins the first) by the even-odd rule: a pixel is inside when its
 * centre is. A centre exactly on an edge belongs to the polygon on its right, or below: polygons that share
 * an edge neither overlap nor leave a gap. Fewer than three points have no inside.
 * Needs an open step. Throws `polygon.point`.
 */
export function fillPolygon(raster: SpanSink, points: readonly ImagePoint[], id: ClassId): void {
  const waiting = edgesOf(points).sort((a, b) => b.firstRow - a.firstRow);
  let active: Edge[] = [];
  const firstRow = Math.max(0, waiting.at(-1)?.firstRow ?? raster.height);
  for (let row = firstRow; row < raster.height && (active.length > 0 || waiting.length > 0); row++) {
    active = active.filter((edge) => edge.endRow > row);
    for (let edge = waiting.at(-1); edge && edge.firstRow <= row; edge = waiting.at(-1)) {
      waiting.pop();
      if (edge.endRow > row) active.push(edge);
    }
    const crossings = active.map((edge) => edge.x + (row + 0.5 - edge.y) * edge.slope).sort((a, b) => a - b);
    for (let n = 0; n + 1 < crossings.length; n += 2) {
      raster.setSpan(row, Math.ceil(crossings[n]! - 0.5), Math.ceil(crossings[n + 1]! - 0.5), id);
    }
  }
}

function edgesOf(points: readonly ImagePoint[]): Edge[] {
  const edges: Edge[] = [];
  points.forEach((point, index) => {
    if (!Number.isFinite(point.x) || !Number.isFinite(point.y)) {
      throw new ProblemError({
        code: 'polygon.point',
        title: `a polygon cannot have a corner at ${point.x}, ${point.y}`,
      });
    }
    const next = points[(index + 1) % points.length]!;
    // Always from the upper end, so that neighbours compute the same crossing from a shared edge.
    const [upper, lower] = point.y <= next.y ? [point, next] : [next, point];
    const firstRow = Math.ceil(upper.y - 0.5);
    const endRow = Math.ceil(lower.y - 0.5);
    if (firstRow >= endRow) return;
    edges.push({
      x: upper.x,
      y: upper.y,
      slope: (lower.x - upper.x) / (lower.y - upper.y),
      firstRow,
      endRow,
    });
  });
  return edges;
}
