import type { ToolContext } from './toolContext.ts';
import type { ToolEvent } from './toolEvent.ts';

export type ToolId =
  | 'brush'
  | 'eraser'
  | 'snapBrush'
  | 'superpixel'
  | 'polygon'
  | 'lasso'
  | 'box'
  | 'fill'
  | 'wand'
  | 'stamp'
  | 'morphology'
  | 'picker';

/** What the pointer looks like over the picture: the tool draws its own outline, or a system cursor. */
export type ToolCursor = 'outline' | 'crosshair' | 'pick';

/**
 * One state of a tool. `onEvent` acts on the mask through the context and returns the state that follows:
 * itself to stay. States hold no window and no timer, so that tests drive them event by event.
 */
export interface ToolState {
  readonly name: string;
  /** A step of the mask is open, or points are placed: leaving now has to be decided. */
  readonly busy: boolean;
  onEvent(event: ToolEvent, context: ToolContext): ToolState;
}

export interface Tool {
  readonly id: ToolId;
  readonly label: string;
  /** One key, as the tool bar shows it. */
  readonly hotkey: string;
  /** One sentence for the tool bar's hover. */
  readonly hint: string;
  readonly cursor: ToolCursor;
  /** The state in which the tool is taken up. */
  start(): ToolState;
}
