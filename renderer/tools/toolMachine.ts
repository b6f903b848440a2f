import type { Tool, ToolId, ToolState } from './tool.ts';
import type { ToolContext } from './toolContext.ts';
import { leavesPicture, type ToolEvent } from './toolEvent.ts';

/** The tool in the hand and the state that it is in. */
export class ToolMachine {
  #tool: Tool;
  #state: ToolState;
  /** Where tools that were put down will go on: a brush still knows where its last stroke ended. */
  readonly #putDown = new Map<ToolId, ToolState>();
  readonly #context: () => ToolContext | null;

  /** `context` is asked at every event; null where there is no mask to work on: events then fall flat. */
  constructor(tool: Tool, context: () => ToolContext | null) {
    this.#tool = tool;
    this.#state = tool.start();
    this.#context = context;
  }

  get tool(): Tool {
    return this.#tool;
  }

  /** Name of the state, `Idle`, `Painting`. */
  get stateName(): string {
    return this.#state.name;
  }

  /** True in the middle of a stroke or of a polygon. */
  get busy(): boolean {
    return this.#state.busy;
  }

  dispatch(event: ToolEvent): void {
    const context = this.#context();
    const leaves = event.type === 'interrupt' && leavesPicture(event.reason);
    if (leaves) this.#putDown.clear();
    if (!context) {
      // The mask is gone already, and with it whatever was open in it.
      if (leaves) this.#state = this.#tool.start();
      return;
    }
    const tool = this.#tool;
    const next = this.#state.onEvent(event, context);
    // A picker hands the last tool back from within its event: the state that follows is then the picker's.
    if (this.#tool === tool) this.#state = next;
    else this.#putDown.set(tool.id, next);
  }

  /** Takes up another tool; what the last one had open is interrupted first. */
  setTool(tool: Tool): void {
    if (tool.id === this.#tool.id) return;
    this.dispatch({ type: 'interrupt', reason: 'toolChange' });
    this.#context()?.setOverlay(null);
    this.#putDown.set(this.#tool.id, this.#state);
    this.#tool = tool;
    this.#state = this.#putDown.get(tool.id) ?? tool.start();
  }
}
