import type { ImagePoint } from '#core/geometry.ts';
import { fillShape } from '../fillShape.ts';
import type { ToolState } from '../tool.ts';
import type { ToolContext } from '../toolContext.ts';
import { lastPoint, type ToolEvent } from '../toolEvent.ts';
import { closesPolygon, withPoint } from './polygonPoints.ts';
import { Tracing } from './Tracing.ts';

/**
 * Points are placed, the next one hangs on the pointer. The mask is untouched until the polygon closes:
 * another picture, tool or mask drops the points, another place or a lost pointer keeps them.
 */
export class Placing implements ToolState {
  readonly name = 'Placing';
  readonly busy = true;

  constructor(
    /** At least one. */
    readonly points: readonly ImagePoint[],
    /** The active class is taken away within it. */
    readonly subtract: boolean,
    /** The state after the polygon was filled or dropped. */
    readonly done: () => ToolState,
  ) {}

  onEvent(event: ToolEvent, context: ToolContext): ToolState {
    switch (event.type) {
      case 'pointerDown': {
        if (closesPolygon(this.points, event.point, context.scale)) return this.#close(context);
        const points = withPoint(this.points, event.point, context.scale);
        this.#show(points, null, context);
        return new Tracing(points, (placed) => new Placing(placed, this.subtract, this.done), this.done);
      }
      case 'pointerMove':
        this.#show(this.points, lastPoint(event.points), context);
        return this;
      case 'pointerLeave':
        this.#show(this.points, null, context);
        return this;
      case 'doubleClick':
        // A double click that closed on the first point has begun another polygon with its second click.
        if (this.points.length === 1) return this.#drop(context);
        return this.#close(context);
      case 'key':
        return this.#onKey(event.key, context);
      case 'interrupt':
        if (event.reason === 'pointerLost' || event.reason === 'placeChange') return this;
        return this.#drop(context);
      case 'pointerUp':
      case 'modifiers':
      case 'settings':
        return this;
    }
  }

  #onKey(key: 'Escape' | 'Enter' | 'Backspace', context: ToolContext): ToolState {
    switch (key) {
      case 'Escape':
        return this.#drop(context);
      case 'Enter':
        return this.#close(context);
      case 'Backspace': {
        const points = this.points.slice(0, -1);
        if (points.length === 0) return this.#drop(context);
        this.#show(points, null, context);
        return new Placing(points, this.subtract, this.done);
      }
    }
  }

  /** Two points have no area: nothing is filled and they stay. */
  #close(context: ToolContext): ToolState {
    if (this.points.length < 3) return this;
    fillShape(this.points, 'Polygon', this.subtract, context);
    return this.done();
  }

  #drop(context: ToolContext): ToolState {
    context.setOverlay(null);
    return this.done();
  }

  #show(points: readonly ImagePoint[], cursor: ImagePoint | null, context: ToolContext): void {
    const closing = cursor !== null && closesPolygon(points, cursor, context.scale);
    context.setOverlay({ kind: 'polygon', points, cursor, closing });
  }
}
