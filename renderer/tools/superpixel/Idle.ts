import { regionEdges } from '#core/disputes/region.ts';
import type { ImagePoint } from '#core/geometry.ts';
import type { ToolState } from '../tool.ts';
import type { ToolContext } from '../toolContext.ts';
import { lastPoint, type ToolEvent } from '../toolEvent.ts';
import { Painting } from './Painting.ts';

/** The superpixel under the pointer is outlined. */
export class Idle implements ToolState {
  readonly name = 'Idle';
  readonly busy = false;

  onEvent(event: ToolEvent, context: ToolContext): ToolState {
    switch (event.type) {
      case 'pointerDown':
        if (!context.superpixels()) return this;
        return Painting.start(event.point, context, () => this);
      case 'pointerMove':
        outline(lastPoint(event.points), context);
        return this;
      case 'pointerLeave':
      case 'interrupt':
      case 'settings':
        context.setOverlay(null);
        return this;
      case 'pointerUp':
      case 'doubleClick':
      case 'modifiers':
      case 'key':
        return this;
    }
  }
}

/** Shows which pixels a press would paint. */
function outline(point: ImagePoint, context: ToolContext): void {
  const region = context.superpixels()?.at(Math.floor(point.x), Math.floor(point.y));
  context.setOverlay(region ? { kind: 'edges', lines: regionEdges(region) } : null);
}
