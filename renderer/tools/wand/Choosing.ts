import { regionEdges } from '#core/disputes/region.ts';
import type { ImagePoint } from '#core/geometry.ts';
import { paintRegion } from '#core/mask/growRegion.ts';
import { colourRegion } from '../colourRegion.ts';
import type { ToolState } from '../tool.ts';
import type { ToolContext } from '../toolContext.ts';
import { lastPoint, type ToolEvent } from '../toolEvent.ts';

/** Screen pixels of the drag for one step of tolerance. */
const PIXELS_PER_STEP = 3;

/**
 * The button is held: the raster's step is open and holds what the tolerance gives, so that what is seen is what
 * the release keeps, locks included. Another tolerance starts the step again.
 */
export class Choosing implements ToolState {
  readonly name = 'Choosing';
  readonly busy = true;
  #tolerance: number;

  private constructor(
    readonly point: ImagePoint,
    readonly before: number,
    /** The state after it. */
    readonly done: () => ToolState,
  ) {
    this.#tolerance = before;
  }

  static start(point: ImagePoint, context: ToolContext, done: () => ToolState): Choosing {
    const state = new Choosing(point, context.settings.tolerance, done);
    context.raster.beginStep();
    state.#fill(context);
    return state;
  }

  onEvent(event: ToolEvent, context: ToolContext): ToolState {
    if (!context.raster.inStep) return this.done();
    switch (event.type) {
      case 'pointerMove': {
        const right = (lastPoint(event.points).x - this.point.x) * context.scale;
        const tolerance = Math.round(this.before + right / PIXELS_PER_STEP);
        this.#change(Math.min(255, Math.max(0, tolerance)), context);
        return this;
      }
      case 'pointerUp':
        context.setOverlay(null);
        context.commit(`Wand ${context.className(context.activeClass)}`);
        context.setTolerance(this.#tolerance);
        return this.done();
      case 'key':
        if (event.key !== 'Escape') return this;
        return this.#drop(context);
      case 'interrupt':
        return this.#drop(context);
      case 'pointerDown':
      case 'pointerLeave':
      case 'doubleClick':
      case 'modifiers':
      case 'settings':
        return this;
    }
  }

  #change(tolerance: number, context: ToolContext): void {
    if (tolerance === this.#tolerance) return;
    this.#tolerance = tolerance;
    context.raster.cancelStep();
    context.raster.beginStep();
    this.#fill(context);
  }

  #fill(context: ToolContext): void {
    const region = colourRegion(this.point, this.#tolerance, context);
    if (!region) return;
    paintRegion(context.raster, region, context.activeClass);
    context.setOverlay({ kind: 'edges', lines: regionEdges(region) });
    context.showTolerance(this.#tolerance);
  }

  #drop(context: ToolContext): ToolState {
    context.setOverlay(null);
    context.cancel();
    return this.done();
  }
}
