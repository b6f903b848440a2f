import type { ImagePoint } from '#core/geometry.ts';
import { clampBrushSize } from '../brushSettings.ts';
import type { ToolState } from '../tool.ts';
import type { ToolContext } from '../toolContext.ts';
import { lastPoint, type ToolEvent } from '../toolEvent.ts';
import { showBrush } from './showBrush.ts';

/** Alt+drag: the brush stays where it was pressed and its edge follows the hand, right for larger. */
export class Sizing implements ToolState {
  readonly name = 'Sizing';
  readonly busy = false;

  constructor(
    readonly anchor: ImagePoint,
    readonly sizeBefore: number,
    /** The state after it. */
    readonly done: () => ToolState,
  ) {}

  onEvent(event: ToolEvent, context: ToolContext): ToolState {
    switch (event.type) {
      case 'pointerMove': {
        const right = lastPoint(event.points).x - this.anchor.x;
        const size = clampBrushSize(this.sizeBefore + 2 * right);
        context.setBrushSize(size);
        showBrush(context, this.anchor, { size, sizing: true });
        return this;
      }
      case 'pointerUp':
      case 'pointerDown':
        return this.done();
      case 'key':
        if (event.key !== 'Escape') return this;
        context.setBrushSize(this.sizeBefore);
        showBrush(context, this.anchor, { size: this.sizeBefore });
        return this.done();
      case 'interrupt':
        context.setOverlay(null);
        return this.done();
      case 'pointerLeave':
      case 'doubleClick':
      case 'modifiers':
      case 'settings':
        return this;
    }
  }
}
