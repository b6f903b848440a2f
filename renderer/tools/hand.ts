import type { ImagePoint } from '#core/geometry.ts';
import type { ToolSettings } from '#core/ipc/toolSettings.ts';
import { className, findClass } from '#core/labels/classTable.ts';
import type { Rgb } from '#core/labels/rgb.ts';
import type { MaskRaster } from '#core/mask/maskRaster.ts';
import { toProblem } from '#core/problem.ts';
import { handMoved } from '../store/handRests.ts';
import type { OverlayShape, StagePointerEvent, StagePointerHandler } from '../store/stageTool.ts';
import '../store/useLocks.ts';
import { useMask } from '../store/useMask.ts';
import { useProject } from '../store/useProject.ts';
import type { ReshapeRequest } from '../store/reshapeJob.ts';
import { reshapeMask, type Reshaped } from '../store/reshapeMask.ts';
import { useSettings } from '../store/useSettings.ts';
import { useToasts } from '../store/useToasts.ts';
import { brushTool } from './brush/brushTool.ts';
import { clampBrushSize, type BrushSettings } from './brushSettings.ts';
import { maskClassAt, modelClassAt } from './classUnderCursor.ts';
import { allowedBy, modelMap, opinionOf } from './modelOpinion.ts';
import { overlayShapes } from './overlayShapes.ts';
import { currentColours, currentSuperpixels } from './pictureSource.ts';
import type { Tool, ToolId } from './tool.ts';
import type { ToolContext } from './toolContext.ts';
import {
  leavesPicture,
  NO_MODIFIERS,
  type InterruptReason,
  type ToolEvent,
  type ToolKey,
  type ToolModifiers,
} from './toolEvent.ts';
import { ToolMachine } from './toolMachine.ts';
import type { ToolOverlay } from './toolOverlay.ts';
import { toolById } from './tools.ts';
import { useTool } from './useTool.ts';

const ERASER_COLOUR: Rgb = [255, 255, 255];

/** The hand over the mask: the tool machine bound to the open mask and to the stage's pointer. */
class Hand implements StagePointerHandler {
  readonly #machine = new ToolMachine(brushTool, () => this.#context());
  #overlay: ToolOverlay | null = null;
  #scale = 1;
  #hovering = false;
  #lastTool: Tool = brushTool;
  /** Of a pen, 0 to 1; null for other devices. */
  #pressure: number | null = null;
  #triedTolerance: number | null = null;

  get tool(): Tool {
    return this.#machine.tool;
  }

  get busy(): boolean {
    return this.#machine.busy;
  }

  setTool(id: ToolId): void {
    const before = this.#machine.tool;
    if (before.id === id) return;
    this.#machine.setTool(toolById(id));
    if (before.id !== 'picker') this.#lastTool = before;
    this.#publish();
  }

  /** Ends, keeps or drops what is open, as the tool's states say. */
  interrupt(reason: InterruptReason): void {
    if (leavesPicture(reason)) this.#overlay = null;
    this.#dispatch({ type: 'interrupt', reason });
  }

  /** Whether something is open that the key is about; Escape also puts the picker back. */
  wantsKey(key: ToolKey): boolean {
    if (key === 'Escape') return this.busy || this.tool.id === 'picker';
    if (key === 'Enter' && this.tool.id === 'morphology') return true;
    return this.tool.id === 'polygon' && this.busy;
  }

  key(key: ToolKey): void {
    if (this.wantsKey(key) && (key === 'Escape' || mayBegin())) this.#dispatch({ type: 'key', key });
  }

  /** Undo takes back a point of an open polygon, or drops a preview; false where neither is open. */
  takePointBack(): boolean {
    if (this.tool.id === 'morphology' && this.busy) {
      this.key('Escape');
      return true;
    }
    if (!this.wantsKey('Backspace')) return false;
    this.key('Backspace');
    return true;
  }

  /** Changes the brush, and its outline with it. */
  setBrush(brush: Partial<BrushSettings>): void {
    const { change } = useSettings.getState();
    if (brush.size !== undefined) change({ brushSize: clampBrushSize(brush.size) });
    if (brush.shape !== undefined) change({ brushShape: brush.shape });
    this.modifiers(NO_MODIFIERS);
  }

  /** Changes what can be set of the tools; a preview follows. */
  setTools(tools: Partial<ToolSettings>): void {
    const { settings, change } = useSettings.getState();
    change({ tools: { ...settings.tools, ...tools } });
    this.#dispatch({ type: 'settings' });
  }

  modifiers(modifiers: ToolModifiers): void {
    if (this.#hovering) this.#dispatch({ type: 'modifiers', modifiers });
  }

  onPointerDown(event: StagePointerEvent): void {
    handMoved();
    this.#scale = event.scale;
    this.#hovering = true;
    this.#pressure = event.pen ? event.pressure : null;
    if (event.button !== 0 || !mayBegin()) return;
    this.#dispatch({ type: 'pointerDown', point: event.image, modifiers: modifiersOf(event) });
  }

  onPointerMove(event: StagePointerEvent): void {
    handMoved();
    this.#scale = event.scale;
    this.#hovering = true;
    this.#pressure = event.pen ? event.pressure : null;
    const [first = event.image, ...rest] = event.path;
    this.#dispatch({ type: 'pointerMove', points: [first, ...rest], modifiers: modifiersOf(event) }, true);
  }

  onPointerUp(event: StagePointerEvent): void {
    this.#scale = event.scale;
    this.#dispatch({ type: 'pointerUp', point: event.image, modifiers: modifiersOf(event) });
  }

  onPointerCancel(): void {
    this.interrupt('pointerLost');
  }

  onDoubleClick(event: StagePointerEvent): void {
    if (mayBegin()) this.#dispatch({ type: 'doubleClick', point: event.image });
  }

  overlay(cursor: ImagePoint | null): readonly OverlayShape[] {
    if (!cursor && this.#hovering) {
      this.#hovering = false;
      this.#machine.dispatch({ type: 'pointerLeave' });
    }
    return overlayShapes(this.#overlay, this.#colour(), this.#scale);
  }

  cssCursor(): string {
    if (!mayBegin() && !this.busy) return 'not-allowed';
    switch (this.tool.cursor) {
      // The outline of a small brush is hard to find without a cross beside it.
      case 'outline':
        return useSettings.getState().settings.brushSize * this.#scale < 12 ? 'crosshair' : 'none';
      case 'crosshair':
        return 'crosshair';
      case 'pick':
        return 'copy';
    }
  }

  #dispatch(event: ToolEvent, hover = false): void {
    this.#machine.dispatch(event);
    useMask.getState().painted();
    if (!this.busy) this.#triedTolerance = null;
    const { stateName, openPoints, triedTolerance } = this.#published();
    const shown = useTool.getState();
    const changed =
      shown.stateName !== stateName ||
      shown.openPoints !== openPoints ||
      shown.triedTolerance !== triedTolerance;
    if (!hover || changed) this.#publish();
  }

  #publish(): void {
    useTool.setState(({ overlayVersion }) => ({
      ...this.#published(),
      overlayVersion: overlayVersion + 1,
    }));
  }

  #published(): { toolId: ToolId; stateName: string; openPoints: number; triedTolerance: number | null } {
    return {
      toolId: this.#machine.tool.id,
      stateName: this.#machine.stateName,
      openPoints: this.#overlay?.kind === 'polygon' ? this.#overlay.points.length : 0,
      triedTolerance: this.#triedTolerance,
    };
  }

  #reshape(raster: MaskRaster, request: ReshapeRequest, done: (result: Reshaped) => void): () => void {
    const abort = new AbortController();
    const { signal } = abort;
    const end = (): void => {
      if (!signal.aborted) useTool.setState({ progress: null });
    };
    useTool.setState({ progress: 0 });
    reshapeMask(raster, request, { signal, tell: (progress) => useTool.setState({ progress }) }).then(
      (result) => {
        if (!result || signal.aborted) return;
        end();
        done(result);
        useMask.getState().painted();
        this.#publish();
      },
      (error: unknown) => {
        end();
        useToasts.getState().showProblem(toProblem(error, { code: 'mask.reshape' }));
        this.interrupt('maskChange');
      },
    );
    return () => {
      end();
      abort.abort();
    };
  }

  #colour(): Rgb {
    const { project } = useProject.getState();
    if (!project || this.tool.id === 'eraser') return ERASER_COLOUR;
    return findClass(project.classTable, useMask.getState().activeClass)?.colour ?? ERASER_COLOUR;
  }

  /** null where there is no mask to work on, or none that could be stored. */
  #context(): ToolContext | null {
    const mask = useMask.getState();
    const { project } = useProject.getState();
    const { raster } = mask;
    if (!raster || !project || project.readOnly) return null;
    const { brushSize, brushShape, tools, tabletPressure } = useSettings.getState().settings;
    const pressed = this.busy && tabletPressure ? (this.#pressure ?? 1) : 1;
    return {
      raster,
      activeClass: mask.activeClass,
      ignoreId: raster.ignoreId,
      brush: { size: clampBrushSize(brushSize * pressed), shape: brushShape },
      settings: tools,
      scale: this.#scale,
      className: (id) => className(project.classTable, id),
      commit: (label) => void mask.commit(label),
      cancel: () => mask.cancel(),
      setBrushSize: (size) => useSettings.getState().change({ brushSize: clampBrushSize(size) }),
      setTolerance: (tolerance) => {
        this.#triedTolerance = null;
        this.setTools({ tolerance });
      },
      showTolerance: (tolerance) => {
        this.#triedTolerance = tolerance;
      },
      colours: currentColours,
      superpixels: () => currentSuperpixels(tools.superpixelSize),
      beneath: () => modelMap(mask.origin?.kind === 'student' ? 'student' : 'teacher', raster),
      says: (slot) => opinionOf(slot, raster),
      allowed: (id) => allowedBy(id, tools.snapTop, raster),
      classAt: (x, y) => maskClassAt(x, y) ?? modelClassAt('teacher', x, y),
      reshape: (request, done) => this.#reshape(raster, request, done),
      setActiveClass: (id) => mask.setActiveClass(id),
      returnToLastTool: () => this.setTool(this.#lastTool.id),
      setOverlay: (overlay) => {
        this.#overlay = overlay;
      },
    };
  }
}

/** A step that begins while an undo is on its way would be undone in its place. */
function mayBegin(): boolean {
  const { status, moving, raster } = useMask.getState();
  return status === 'ready' && !moving && raster !== null;
}

const modifiersOf = (event: StagePointerEvent): ToolModifiers => ({
  shift: event.shiftKey,
  alt: event.altKey,
});

export const hand = new Hand();

/**
 * Ends or drops what is open when the picture, the project or the place changes under it, and follows Shift
 * and Alt; returns the function that stops it. Stores tell their listeners before anything is redrawn or
 * loaded, so a stroke ends in the mask that it was painted into.
 */
export function watchHand(window: Window): () => void {
  const abort = new AbortController();
  const { signal } = abort;
  const stopProject = useProject.subscribe((now, before) => {
    if (now.project?.id !== before.project?.id) hand.interrupt('projectChange');
    else if (now.imageId !== before.imageId) hand.interrupt('imageChange');
  });
  const modifiers = (event: KeyboardEvent): void => {
    if (event.key === 'Shift' || event.key === 'Alt')
      hand.modifiers({ shift: event.shiftKey, alt: event.altKey });
  };
  window.addEventListener('keydown', modifiers, { signal });
  window.addEventListener('keyup', modifiers, { signal });
  window.addEventListener('blur', () => hand.interrupt('pointerLost'), { signal });
  return () => {
    stopProject();
    abort.abort();
  };
}
