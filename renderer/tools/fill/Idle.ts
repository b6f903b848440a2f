import { floodFill } from '#core/mask/floodFill.ts';
import type { ToolState } from '../tool.ts';
import type { ToolContext } from '../toolContext.ts';
import type { ToolEvent } from '../toolEvent.ts';

/** A press fills the region of one class under the pointer; there is nothing to hold or to cancel. */
export class Idle implements ToolState {
  readonly name = 'Idle';
  readonly busy = false;

  onEvent(event: ToolEvent, context: ToolContext): ToolState {
    if (event.type !== 'pointerDown') return this;
    const { raster, activeClass } = context;
    raster.beginStep();
    floodFill(raster, event.point.x, event.point.y, activeClass, { connectivity: 4 });
    context.commit(`Fill ${context.className(activeClass)}`);
    return this;
  }
}
