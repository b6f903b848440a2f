import { regionEdges } from '#core/disputes/region.ts';
import { imagePoint, type ImagePoint } from '#core/geometry.ts';
import type { ClassId } from '#core/labels/classTable.ts';
import { paintRegion } from '#core/mask/growRegion.ts';
import type { Superpixels } from '#core/mask/superpixels.ts';
import type { ToolState } from '../tool.ts';
import type { ToolContext } from '../toolContext.ts';
import type { ToolEvent } from '../toolEvent.ts';

/**
 * The button is held: the raster's step is open, and every superpixel that the pointer comes over is painted.
 * As with a brush, Escape takes all of it back and whatever else takes the hand away keeps what was seen.
 */
export class Painting implements ToolState {
  readonly name = 'Painting';
  readonly busy = true;
  #from: ImagePoint;

  private constructor(
    from: ImagePoint,
    readonly superpixels: Superpixels,
    readonly id: ClassId,
    /** The state after it. */
    readonly done: () => ToolState,
  ) {
    this.#from = from;
  }

  static start(point: ImagePoint, context: ToolContext, done: () => ToolState): ToolState {
    const superpixels = context.superpixels();
    if (!superpixels) return done();
    const state = new Painting(point, superpixels, context.activeClass, done);
    context.raster.beginStep();
    state.#paint(point, context);
    return state;
  }

  onEvent(event: ToolEvent, context: ToolContext): ToolState {
    if (!context.raster.inStep) return this.done();
    switch (event.type) {
      case 'pointerMove':
        for (const point of event.points) this.#paintTo(point, context);
        return this;
      case 'pointerUp':
        this.#paintTo(event.point, context);
        return this.#end(context);
      case 'key':
        if (event.key !== 'Escape') return this;
        context.cancel();
        return this.done();
      case 'interrupt':
        context.setOverlay(null);
        if (event.reason !== 'projectChange') return this.#end(context);
        context.cancel();
        return this.done();
      case 'pointerDown':
      case 'pointerLeave':
      case 'doubleClick':
      case 'modifiers':
      case 'settings':
        return this;
    }
  }

  #end(context: ToolContext): ToolState {
    context.commit(`Superpixels ${context.className(this.id)}`);
    return this.done();
  }

  /** Along the straight way, so that a quick hand leaves none out. */
  #paintTo(point: ImagePoint, context: ToolContext): void {
    const from = this.#from;
    const distance = Math.hypot(point.x - from.x, point.y - from.y);
    const pieces = Math.max(1, Math.ceil(distance / (this.superpixels.step / 4)));
    for (let piece = 1; piece <= pieces; piece++) {
      const share = piece / pieces;
      this.#paint(
        imagePoint(from.x + (point.x - from.x) * share, from.y + (point.y - from.y) * share),
        context,
      );
    }
    this.#from = point;
  }

  #paint(point: ImagePoint, context: ToolContext): void {
    const region = this.superpixels.at(Math.floor(point.x), Math.floor(point.y));
    if (!region) return;
    paintRegion(context.raster, region, this.id);
    context.setOverlay({ kind: 'edges', lines: regionEdges(region) });
  }
}
