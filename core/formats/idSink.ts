import type { ClassIds } from '../mask/classMap.ts';
import { imagePoint, type ImagePoint } from '../geometry.ts';
import type { SpanSink } from '../mask/spanSink.ts';

/** Writes spans into ids as they are, without a step to undo: masks that are being read have no history. */
export function idSink(width: number, height: number, ids: ClassIds): SpanSink {
  return {
    width,
    height,
    setSpan(y, x0, x1, id) {
      if (y < 0 || y >= height) return;
      const from = Math.max(0, x0);
      const to = Math.min(width, x1);
      if (to > from) ids.fill(id, y * width + from, y * width + to);
    },
  };
}

/** x0, y0, x1, y1, ... as points. */
export function pointsOf(flat: readonly number[]): ImagePoint[] {
  return Array.from({ length: Math.floor(flat.length / 2) }, (_, n) =>
    imagePoint(flat[n * 2]!, flat[n * 2 + 1]!),
  );
}
