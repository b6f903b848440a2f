import type { ImagePoint } from '#core/geometry.ts';
import type { ClassId } from '#core/labels/classTable.ts';
import { paintStroke } from '#core/mask/brush.ts';
import type { SpanSink } from '#core/mask/spanSink.ts';
import type { ToolState } from '../tool.ts';
import type { ToolContext } from '../toolContext.ts';
import type { ToolEvent } from '../toolEvent.ts';
import type { Ink } from './ink.ts';
import { showBrush } from './showBrush.ts';

/**
 * A stroke is being painted: the raster's step is open.
 * The button's release ends it, Escape takes it back, and whatever else takes the hand away ends it with
 * what is painted: those pixels were seen, so they are kept, and one undo removes them.
 */
export class Painting implements ToolState {
  readonly name = 'Painting';
  readonly busy = true;
  #from: ImagePoint;

  private constructor(
    from: ImagePoint,
    /** One stroke, one class: a digit pressed in the middle of it counts for the next. */
    readonly id: ClassId,
    readonly label: string,
    readonly sink: SpanSink,
    /** The state after it; `end` is where the line of the next Shift+click starts, null after a cancel. */
    readonly done: (end: ImagePoint | null) => ToolState,
  ) {
    this.#from = from;
  }

  /** Opens the step and paints the first dab, or the straight line from `lineStart` to it. */
  static start(options: {
    point: ImagePoint;
    lineStart: ImagePoint | null;
    ink: Ink;
    context: ToolContext;
    done: (end: ImagePoint | null) => ToolState;
  }): Painting {
    const { point, lineStart, ink, context, done } = options;
    const state = new Painting(
      lineStart ?? point,
      ink.id(context),
      ink.label(context),
      ink.sink(context),
      done,
    );
    context.raster.beginStep();
    state.#paintTo([point], context);
    showBrush(context, point);
    return state;
  }

  onEvent(event: ToolEvent, context: ToolContext): ToolState {
    // Somebody else closed the step: there is nothing left to paint into or to end.
    if (!context.raster.inStep) return this.done(null);
    switch (event.type) {
      case 'pointerMove':
        this.#paintTo(event.points, context);
        showBrush(context, this.#from);
        return this;
      case 'pointerUp':
        this.#paintTo([event.point], context);
        return this.#end(context);
      case 'key':
        if (event.key !== 'Escape') return this;
        context.cancel();
        return this.done(null);
      case 'interrupt':
        context.setOverlay(null);
        if (event.reason !== 'projectChange') return this.#end(context);
        // The main process has let go of the old project: there is nowhere to store this any more.
        context.cancel();
        return this.done(null);
      case 'pointerDown':
      case 'pointerLeave':
      case 'doubleClick':
      case 'modifiers':
      case 'settings':
        return this;
    }
  }

  #end(context: ToolContext): ToolState {
    context.commit(this.label);
    return this.done(this.#from);
  }

  #paintTo(points: readonly ImagePoint[], context: ToolContext): void {
    for (const point of points) {
      paintStroke(this.sink, this.#from, point, {
        radius: context.brush.size / 2,
        shape: context.brush.shape,
        id: this.id,
      });
      this.#from = point;
    }
  }
}
