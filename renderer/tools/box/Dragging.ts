import { imagePoint, type ImagePoint, type PixelRect } from '#core/geometry.ts';
import { fillShape } from '../fillShape.ts';
import type { ToolState } from '../tool.ts';
import type { ToolContext } from '../toolContext.ts';
import { lastPoint, type ToolEvent } from '../toolEvent.ts';

/** A drag that came less far than that on screen, in both directions, was a click: it draws nothing. */
const LEAST_DRAG = 3;

/** The button is held; the box reaches over every pixel between press and pointer, those two included. */
export class Dragging implements ToolState {
  readonly name = 'Dragging';
  readonly busy = true;
  #end: ImagePoint;
  #square = false;

  constructor(
    readonly start: ImagePoint,
    readonly subtract: boolean,
    /** The state after it. */
    readonly done: () => ToolState,
  ) {
    this.#end = start;
  }

  onEvent(event: ToolEvent, context: ToolContext): ToolState {
    switch (event.type) {
      case 'pointerMove':
        this.#end = lastPoint(event.points);
        this.#square = event.modifiers.shift;
        this.#show(context);
        return this;
      case 'modifiers':
        this.#square = event.modifiers.shift;
        this.#show(context);
        return this;
      case 'pointerUp':
        this.#end = event.point;
        this.#square = event.modifiers.shift;
        this.#fill(context);
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
      case 'settings':
        return this;
    }
  }

  #show(context: ToolContext): void {
    context.setOverlay({ kind: 'box', rect: this.#rect() });
  }

  #fill(context: ToolContext): void {
    context.setOverlay(null);
    const { start, subtract } = this;
    const far = Math.max(Math.abs(this.#end.x - start.x), Math.abs(this.#end.y - start.y));
    if (far * context.scale < LEAST_DRAG) return;
    const { x, y, width, height } = this.#rect();
    const corners = [
      imagePoint(x, y),
      imagePoint(x + width, y),
      imagePoint(x + width, y + height),
      imagePoint(x, y + height),
    ];
    fillShape(corners, 'Box', subtract, context);
  }

  #rect(): PixelRect {
    const { start } = this;
    let { x, y } = this.#end;
    if (this.#square) {
      const side = Math.max(Math.abs(x - start.x), Math.abs(y - start.y));
      x = start.x + (x < start.x ? -side : side);
      y = start.y + (y < start.y ? -side : side);
    }
    const left = Math.floor(Math.min(x, start.x));
    const top = Math.floor(Math.min(y, start.y));
    return {
      x: left,
      y: top,
      width: Math.floor(Math.max(x, start.x)) + 1 - left,
      height: Math.floor(Math.max(y, start.y)) + 1 - top,
    };
  }
}
