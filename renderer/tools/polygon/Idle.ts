import { subtracts } from '../fillShape.ts';
import type { ToolState } from '../tool.ts';
import type { ToolContext } from '../toolContext.ts';
import type { ToolEvent } from '../toolEvent.ts';
import { Placing } from './Placing.ts';
import { Tracing } from './Tracing.ts';

/** No point is placed. */
export class Idle implements ToolState {
  readonly name = 'Idle';
  readonly busy = false;

  onEvent(event: ToolEvent, context: ToolContext): ToolState {
    if (event.type !== 'pointerDown') return this;
    const points = [event.point];
    const subtract = subtracts(event.modifiers.alt, context);
    const dropped = (): ToolState => this;
    context.setOverlay({ kind: 'polygon', points, cursor: null, closing: false });
    return new Tracing(points, (placed) => new Placing(placed, subtract, dropped), dropped);
  }
}
