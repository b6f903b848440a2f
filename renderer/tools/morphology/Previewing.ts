import { regionEdges, type Region } from '#core/disputes/region.ts';
import type { ImagePoint } from '#core/geometry.ts';
import type { ToolSettings } from '#core/ipc/toolSettings.ts';
import { classId, type ClassId } from '#core/labels/classTable.ts';
import { growRegion } from '#core/mask/growRegion.ts';
import { applyMorphology, type MorphologyKind } from '#core/mask/morphology.ts';
import type { ToolState } from '../tool.ts';
import type { ToolContext } from '../toolContext.ts';
import type { ToolEvent, ToolKey } from '../toolEvent.ts';

/** What is reshaped. */
interface Subject {
  readonly id: ClassId;
  /** Only the region around this pixel; null: the whole class. */
  readonly at: { readonly x: number; readonly y: number } | null;
}

/** Pixels of a mask: in a larger one it is not done while the window waits. */
const LARGEST_AT_ONCE = 1 << 20;

const NAMES: Readonly<Record<MorphologyKind, string>> = {
  fillHoles: 'Fill holes of',
  removeSpecks: 'Remove specks of',
  grow: 'Grow',
  shrink: 'Shrink',
  smooth: 'Smooth',
};

/**
 * The raster's step is open and holds the result, so that what is seen is what Enter keeps, locks included.
 * Changed settings start it again; Escape and whatever takes the hand away put everything back. In a large mask the
 * result comes later, into the step that is open for it all the while.
 */
export class Previewing implements ToolState {
  readonly name = 'Previewing';
  readonly busy = true;
  /** Stops what is on its way; null where the result is there. */
  #stop: (() => void) | null = null;

  private constructor(
    readonly subject: Subject,
    /** The state after it. */
    readonly done: () => ToolState,
  ) {}

  /** The class or region under a point, as the scope is set; null outside the picture. */
  static at(point: ImagePoint, context: ToolContext, done: () => ToolState): Previewing | null {
    const { raster, settings } = context;
    const { width, height, ids } = raster;
    const x = Math.floor(point.x);
    const y = Math.floor(point.y);
    if (!(x >= 0 && y >= 0 && x < width && y < height)) return null;
    const id = classId(ids[y * width + x]!);
    return Previewing.start(
      { id, at: settings.morphologyScope === 'region' ? { x, y } : null },
      context,
      done,
    );
  }

  static start(subject: Subject, context: ToolContext, done: () => ToolState): Previewing {
    const state = new Previewing(subject, done);
    context.raster.beginStep();
    state.#apply(context);
    return state;
  }

  onEvent(event: ToolEvent, context: ToolContext): ToolState {
    if (!context.raster.inStep) return this.#end(context);
    switch (event.type) {
      case 'settings':
        this.#halt();
        context.raster.cancelStep();
        context.raster.beginStep();
        this.#apply(context);
        return this;
      case 'pointerDown':
        // Another region: this one was not kept.
        this.#halt();
        context.cancel();
        return Previewing.at(event.point, context, this.done) ?? this.#end(context);
      case 'key':
        return this.#onKey(event.key, context);
      case 'interrupt':
        this.#halt();
        context.cancel();
        return this.#end(context);
      case 'pointerMove':
      case 'pointerUp':
      case 'pointerLeave':
      case 'doubleClick':
      case 'modifiers':
        return this;
    }
  }

  #halt(): void {
    this.#stop?.();
    this.#stop = null;
  }

  #end(context: ToolContext): ToolState {
    this.#halt();
    context.setOverlay(null);
    return this.done();
  }

  #onKey(key: ToolKey, context: ToolContext): ToolState {
    switch (key) {
      case 'Enter':
        // Nothing is seen yet that could be kept.
        if (this.#stop) return this;
        context.commit(`${NAMES[context.settings.morphology]} ${context.className(this.subject.id)}`);
        return this.#end(context);
      case 'Escape':
        this.#halt();
        context.cancel();
        return this.#end(context);
      case 'Backspace':
        return this;
    }
  }

  #apply(context: ToolContext): void {
    const { raster, settings } = context;
    const { id, at } = this.subject;
    const task = { kind: settings.morphology, amount: amountOf(settings), id };
    if (raster.ids.length > LARGEST_AT_ONCE) {
      this.#stop = context.reshape({ ...task, at }, ({ region, patch }) => {
        this.#stop = null;
        if (!raster.inStep) return;
        if (region) showBorder(region, context);
        if (patch) raster.paste(patch);
      });
      return;
    }
    const { ids, width } = raster;
    const region = at && growRegion(raster, at.x, at.y, (x, y) => ids[y * width + x] === id);
    if (region) showBorder(region, context);
    applyMorphology(raster, { ...task, region });
  }
}

/** The old border over the new pixels: what changes is seen. */
function showBorder(region: Region, context: ToolContext): void {
  context.setOverlay({ kind: 'edges', lines: regionEdges(region) });
}

function amountOf({ morphology, morphologyRadius, morphologyArea }: ToolSettings): number {
  return morphology === 'fillHoles' || morphology === 'removeSpecks' ? morphologyArea : morphologyRadius;
}
