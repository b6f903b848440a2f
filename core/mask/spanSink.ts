import { classId, type ClassId } from '../labels/classTable.ts';
import type { ClassMap } from './classMap.ts';

/** Where strokes and shapes write: a mask, or something in front of one that lets less through. */
export interface SpanSink {
  readonly width: number;
  readonly height: number;
  /** Pixels x0 <= x < x1 of row y, whole numbers; clipped to the mask. */
  setSpan(y: number, x0: number, x1: number, id: ClassId): void;
}

/** Lets through the pixels that `allows` says yes to. */
export function filteredSpans(sink: SpanSink, allows: (x: number, y: number) => boolean): SpanSink {
  const { width, height } = sink;
  return {
    width,
    height,
    setSpan(y, x0, x1, id) {
      if (y < 0 || y >= height) return;
      const end = Math.min(width, x1);
      for (let x = Math.max(0, x0); x < end;) {
        if (!allows(x, y)) {
          x++;
          continue;
        }
        const start = x++;
        while (x < end && allows(x, y)) x++;
        sink.setSpan(y, start, x, id);
      }
    },
  };
}

/** Whatever is painted becomes what `source`, a class map of the same size, has there. */
export function copiedSpans(sink: SpanSink, source: ClassMap): SpanSink {
  const { width, height } = sink;
  return {
    width,
    height,
    setSpan(y, x0, x1) {
      if (y < 0 || y >= height) return;
      const end = Math.min(width, x1);
      const row = y * width;
      for (let x = Math.max(0, x0); x < end;) {
        const start = x;
        const id = source.ids[row + start]!;
        while (x < end && source.ids[row + x] === id) x++;
        sink.setSpan(y, start, x, classId(id));
      }
    },
  };
}
