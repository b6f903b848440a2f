import type { ImagePoint } from '#core/geometry.ts';
import { floodFill } from '#core/mask/floodFill.ts';
import { paintRegion } from '#core/mask/growRegion.ts';
import { colourRegion } from '../colourRegion.ts';
import type { ToolState } from '../tool.ts';
import type { ToolContext } from '../toolContext.ts';
import type { ToolEvent } from '../toolEvent.ts';

/** A press fills the region of one class, or of like colour, under the pointer; there is nothing to hold. */
export class Idle implements ToolState {
  readonly name = 'Idle';
  readonly busy = false;

  onEvent(event: ToolEvent, context: ToolContext): ToolState {
    if (event.type === 'pointerDown') fill(event.point, context);
    return this;
  }
}

function fill(point: ImagePoint, context: ToolContext): void {
  const { raster, activeClass, settings } = context;
  raster.beginStep();
  switch (settings.fillBy) {
    case 'class':
      floodFill(raster, point.x, point.y, activeClass, { connectivity: 4 });
      break;
    case 'colour': {
      const region = colourRegion(point, settings.tolerance, context);
      if (region) paintRegion(raster, region, activeClass);
      break;
    }
  }
  context.commit(`Fill ${context.className(activeClass)}`);
}
