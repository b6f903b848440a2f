import type { ToolState } from '../tool.ts';
import type { ToolContext } from '../toolContext.ts';
import { lastPoint, type ToolEvent } from '../toolEvent.ts';
import { pickAt } from './pickAt.ts';

/** The button is held: the class under the pointer is the active one. Its release hands the last tool back. */
export class Picking implements ToolState {
  readonly name = 'Picking';
  readonly busy = false;

  constructor(readonly done: () => ToolState) {}

  onEvent(event: ToolEvent, context: ToolContext): ToolState {
    switch (event.type) {
      case 'pointerMove':
        pickAt(lastPoint(event.points), context);
        return this;
      case 'pointerUp':
        context.returnToLastTool();
        return this.done();
      case 'interrupt':
        return this.done();
      case 'key':
        if (event.key !== 'Escape') return this;
        context.returnToLastTool();
        return this.done();
      case 'pointerDown':
      case 'pointerLeave':
      case 'doubleClick':
      case 'modifiers':
      case 'settings':
        return this;
    }
  }
}
