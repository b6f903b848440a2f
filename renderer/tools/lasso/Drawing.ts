import type { ImagePoint } from '#core/geometry.ts';
import { fillShape } from '../fillShape.ts';
import type { ToolState } from '../tool.ts';
import type { ToolContext } from '../toolContext.ts';
import type { ToolEvent } from '../toolEvent.ts';

/** Points nearer than that on screen are one. */
const LEAST_DISTANCE = 1.5;

/** The button is held, the line follows the hand. The mask is untouched until the release fills it. */
export class Drawing implements ToolState {
  readonly name = 'Drawing';
  readonly busy = true;
  readonly #points: ImagePoint[];

  constructor(
    start: ImagePoint,
    readonly subtract: boolean,
    /** The state after it. */
    readonly done: () => ToolState,
  ) {
    this.#points = [start];
  }

  onEvent(event: ToolEvent, context: ToolContext): ToolState {
    switch (event.type) {
      case 'pointerMove':
        for (const point of event.points) this.#add(point, context.scale);
        context.setOverlay({ kind: 'polygon', points: [...this.#points], cursor: null, closing: false });
        return this;
      case 'pointerUp':
        this.#add(event.point, context.scale);
        context.setOverlay(null);
        if (this.#points.length >= 3) fillShape(this.#points, 'Lasso', this.subtract, context);
        return this.done();
      case 'key':
        if (event.key !== 'Escape') return this;
        context.setOverlay(null);
        return this.done();
      case 'interrupt':
        context.setOverlay(null);
        return this.done();
      case 'pointerDown':
      case 'pointerLeave':
      case 'doubleClick':
      case 'modifiers':
      case 'settings':
        return this;
    }
  }

  #add(point: ImagePoint, scale: number): void {
    const last = this.#points.at(-1);
    if (last && Math.hypot(last.x - point.x, last.y - point.y) * scale < LEAST_DISTANCE) return;
    this.#points.push(point);
  }
}
