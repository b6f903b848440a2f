import type { ToolState } from '../tool.ts';
import type { ToolContext } from '../toolContext.ts';
import type { ToolEvent } from '../toolEvent.ts';
import { Choosing } from './Choosing.ts';

/** Waits for the press. */
export class Idle implements ToolState {
  readonly name = 'Idle';
  readonly busy = false;

  onEvent(event: ToolEvent, context: ToolContext): ToolState {
    if (event.type !== 'pointerDown' || !context.colours()) return this;
    return Choosing.start(event.point, context, () => this);
  }
}
