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
  /** null: the whole class. */
  readonly region: Region | null;
}

const NAMES: Readonly<Record<MorphologyKind, string>> = {
  fillHoles: 'Fill holes of',
  removeSpecks: 'Remove specks of',
  grow: 'Grow',
  shrink: 'Shrink',
  smooth: 'Smooth',
};

/**
 * The raster's step is open and holds the result, so that what is seen is what Enter keeps, locks included.
 * Changed settings start it again; Escape and whatever takes the hand away put everything back.
 */
export class Previewing implements ToolState {
  readonly name = 'Previewing';
  readonly busy = true;

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
    const region =
      settings.morphologyScope === 'region'
        ? growRegion(raster, x, y, (column, row) => ids[row * width + column] === id)
        : null;
    return Previewing.start({ id, region }, context, done);
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
        context.raster.cancelStep();
        context.raster.beginStep();
        this.#apply(context);
        return this;
      case 'pointerDown':
        // Another region: this one was not kept.
        context.cancel();
        return Previewing.at(event.point, context, this.done) ?? this.#end(context);
      case 'key':
        return this.#onKey(event.key, context);
      case 'interrupt':
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

  #end(context: ToolContext): ToolState {
    context.setOverlay(null);
    return this.done();
  }

  #onKey(key: ToolKey, context: ToolContext): ToolState {
    switch (key) {
      case 'Enter':
        context.commit(`${NAMES[context.settings.morphology]} ${context.className(this.subject.id)}`);
        return this.#end(context);
      case 'Escape':
        context.cancel();
        return this.#end(context);
      case 'Backspace':
        return this;
    }
  }

  #apply(context: ToolContext): void {
    const { raster, settings } = context;
    const { id, region } = this.subject;
    // The old border over the new pixels: what changes is seen.
    if (region) context.setOverlay({ kind: 'edges', lines: regionEdges(region) });
    const kind = settings.morphology;
    applyMorphology(raster, { kind, amount: amountOf(settings), id, region });
  }
}

function amountOf({ morphology, morphologyRadius, morphologyArea }: ToolSettings): number {
  return morphology === 'fillHoles' || morphology === 'removeSpecks' ? morphologyArea : morphologyRadius;
}
