import type { ImagePoint } from '#core/geometry.ts';
import type { ToolState } from '../tool.ts';
import type { ToolContext } from '../toolContext.ts';
import { lastPoint, leavesPicture, type ToolEvent, type ToolModifiers } from '../toolEvent.ts';
import type { Ink } from './ink.ts';
import { Painting } from './Painting.ts';
import { showBrush } from './showBrush.ts';
import { Sizing } from './Sizing.ts';

/** The brush hovers. It remembers where the last stroke ended, for the straight line of Shift+click. */
export class Idle implements ToolState {
  readonly name = 'Idle';
  readonly busy = false;
  #hover: ImagePoint | null = null;

  constructor(
    readonly ink: Ink,
    readonly lineStart: ImagePoint | null = null,
  ) {}

  onEvent(event: ToolEvent, context: ToolContext): ToolState {
    switch (event.type) {
      case 'pointerDown':
        if (event.modifiers.alt) return new Sizing(event.point, context.brush.size, () => this);
        return Painting.start({
          point: event.point,
          lineStart: event.modifiers.shift ? this.lineStart : null,
          ink: this.ink,
          context,
          done: (end) => new Idle(this.ink, end ?? this.lineStart),
        });
      case 'pointerMove':
        this.#hover = lastPoint(event.points);
        this.#show(event.modifiers, context);
        return this;
      case 'modifiers':
        this.#show(event.modifiers, context);
        return this;
      case 'pointerLeave':
        this.#hover = null;
        context.setOverlay(null);
        return this;
      case 'interrupt':
        context.setOverlay(null);
        // A line from a point of another picture, or of a mask that is gone, would surprise.
        return leavesPicture(event.reason) ? new Idle(this.ink) : this;
      case 'pointerUp':
      case 'doubleClick':
      case 'settings':
      case 'key':
        return this;
    }
  }

  #show(modifiers: ToolModifiers, context: ToolContext): void {
    if (!this.#hover) return;
    showBrush(context, this.#hover, { lineFrom: modifiers.shift ? this.lineStart : null });
  }
}
