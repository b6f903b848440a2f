import { subtracts } from '../fillShape.ts';
import type { ToolState } from '../tool.ts';
import type { ToolContext } from '../toolContext.ts';
import type { ToolEvent } from '../toolEvent.ts';
import { Dragging } from './Dragging.ts';

/** Waits for the press. */
export class Idle implements ToolState {
  readonly name = 'Idle';
  readonly busy = false;

  onEvent(event: ToolEvent, context: ToolContext): ToolState {
    if (event.type !== 'pointerDown') return this;
    return new Dragging(event.point, subtracts(event.modifiers.alt, context), () => this);
  }
}
