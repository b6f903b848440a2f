import type { ImagePoint } from '#core/geometry.ts';
import type { ToolState } from '../tool.ts';
import type { ToolContext } from '../toolContext.ts';
import type { ToolEvent } from '../toolEvent.ts';
import { screenDistance, withPoint } from './polygonPoints.ts';

/** A drag places a point each time it has come this far. Screen pixels. */
const TRACE_DISTANCE = 4;

/** The button is held: a click has placed its point, a drag goes on placing points, as a lasso does. */
export class Tracing implements ToolState {
  readonly name = 'Tracing';
  readonly busy = true;
  #points: readonly ImagePoint[];

  constructor(
    points: readonly ImagePoint[],
    /** The state after the button's release. */
    readonly placed: (points: readonly ImagePoint[]) => ToolState,
    /** The state after the polygon was dropped. */
    readonly dropped: () => ToolState,
  ) {
    this.#points = points;
  }

  onEvent(event: ToolEvent, context: ToolContext): ToolState {
    switch (event.type) {
      case 'pointerMove':
        for (const point of event.points) this.#trace(point, context);
        this.#show(context);
        return this;
      case 'pointerUp':
        this.#show(context);
        return this.placed(this.#points);
      case 'key':
        if (event.key !== 'Escape') return this;
        context.setOverlay(null);
        return this.dropped();
      case 'interrupt':
        // What comes after the release decides between keeping and dropping the points.
        return this.placed(this.#points).onEvent(event, context);
      case 'pointerDown':
      case 'pointerLeave':
      case 'doubleClick':
      case 'modifiers':
      case 'settings':
        return this;
    }
  }

  #trace(point: ImagePoint, context: ToolContext): void {
    const last = this.#points[this.#points.length - 1];
    if (last && screenDistance(last, point, context.scale) < TRACE_DISTANCE) return;
    this.#points = withPoint(this.#points, point, context.scale);
  }

  #show(context: ToolContext): void {
    context.setOverlay({ kind: 'polygon', points: this.#points, cursor: null, closing: false });
  }
}
