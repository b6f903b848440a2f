import type { ToolState } from '../tool.ts';
import type { ToolContext } from '../toolContext.ts';
import type { ToolEvent } from '../toolEvent.ts';
import { Previewing } from './Previewing.ts';

/** Waits for the class or region: that of a press, or with Enter all of the active class. */
export class Idle implements ToolState {
  readonly name = 'Idle';
  readonly busy = false;

  onEvent(event: ToolEvent, context: ToolContext): ToolState {
    if (event.type === 'pointerDown') return Previewing.at(event.point, context, () => this) ?? this;
    if (event.type === 'key' && event.key === 'Enter') {
      return Previewing.start({ id: context.activeClass, at: null }, context, () => this);
    }
    return this;
  }
}
