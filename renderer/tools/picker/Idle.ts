import type { ToolState } from '../tool.ts';
import type { ToolContext } from '../toolContext.ts';
import type { ToolEvent } from '../toolEvent.ts';
import { pickAt } from './pickAt.ts';
import { Picking } from './Picking.ts';

/** Waits for the press; Escape puts the picker back without picking. */
export class Idle implements ToolState {
  readonly name = 'Idle';
  readonly busy = false;

  onEvent(event: ToolEvent, context: ToolContext): ToolState {
    switch (event.type) {
      case 'pointerDown':
        pickAt(event.point, context);
        return new Picking(() => this);
      case 'key':
        if (event.key === 'Escape') context.returnToLastTool();
        return this;
      case 'pointerMove':
      case 'pointerUp':
      case 'pointerLeave':
      case 'doubleClick':
      case 'modifiers':
      case 'settings':
      case 'interrupt':
        return this;
    }
  }
}
