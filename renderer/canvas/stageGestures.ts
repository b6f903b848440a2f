import { screenPoint, type ImagePoint, type ScreenPoint } from '#core/geometry.ts';
import type { StagePointerEvent, StagePointerHandler } from '../store/stageTool.ts';
import { useView } from '../store/useView.ts';
import type { PictureStage } from './pictureStage.ts';
import { isSpaceHeld, onSpaceChange } from './spaceKey.ts';
import { panBy, toImage, zoomAt } from './viewport.ts';

const LEFT = 0;
const MIDDLE = 1;
/** Bit of the middle button in `buttons`. */
const MIDDLE_HELD = 4;
/** One notch of a wheel (deltaY 100) zooms by about 1.2. */
const WHEEL_RATE = 0.0018;
/** A pinch on a touchpad arrives as Ctrl+wheel with small deltas. */
const PINCH_RATE = 0.01;
const LINE_HEIGHT = 16;
/** Asking the browser where the stage lies makes it lay out the page there and then. */
const MEASURED_FOR_MS = 100;
/** Comes as soon as the pointer moves; `pointermove` waits for the next frame. */
const RAW_MOVE = 'pointerrawupdate';

/**
 * Pointer and wheel of one stage. Zooming and panning stay here and go to the shared view; everything else
 * goes to the tool. A pan in the middle of a stroke pauses the stroke. While a tool drags it hears of each movement
 * as it happens and is drawn ahead: the next frame then has little left to do and is not missed.
 */
export class StageGestures {
  /** Whether the pointer is over this stage. */
  hovered = false;
  private drag: { readonly kind: 'pan' | 'tool'; readonly pointerId: number } | null = null;
  private last = { x: 0, y: 0 };
  private cursor: ImagePoint | null = null;
  /** Time stamp of the last movement that the tool heard of before its frame. */
  private heardUntil = 0;
  private corner = { left: 0, top: 0, measuredAt: -Infinity };
  private readonly abort = new AbortController();

  constructor(
    private readonly element: HTMLElement,
    private readonly stage: PictureStage,
    private readonly handler: () => StagePointerHandler | null,
  ) {
    const { signal } = this.abort;
    const listen = <K extends keyof HTMLElementEventMap>(
      type: K,
      listener: (event: HTMLElementEventMap[K]) => void,
    ): void => element.addEventListener(type, listener, { signal });
    listen('pointerdown', (event) => this.down(event));
    listen('pointermove', (event) => this.move(event));
    listen('pointerup', (event) => this.up(event));
    listen('pointercancel', (event) => this.cancel(event));
    listen('lostpointercapture', (event) => this.captureLost(event));
    listen('pointerleave', () => this.leave());
    listen('dblclick', (event) => {
      if (event.button === LEFT) this.handler()?.onDoubleClick?.(this.translate(event, LEFT));
    });
    element.addEventListener('wheel', (event) => this.wheel(event), { signal, passive: false });
    const stopSpace = onSpaceChange(() => this.showCursor());
    signal.addEventListener('abort', stopSpace);
    this.showCursor();
  }

  /** Draws the tool's overlay and cursor again. */
  refresh(): void {
    this.stage.setOverlay(this.handler()?.overlay(this.cursor) ?? []);
    this.showCursor();
  }

  /** The stage has another size or place. */
  measureAgain(): void {
    this.corner.measuredAt = -Infinity;
  }

  destroy(): void {
    if (this.drag?.kind === 'tool') this.handler()?.onPointerCancel();
    this.leave();
    this.abort.abort();
  }

  private down(event: PointerEvent): void {
    if (this.drag) return;
    const handler = this.handler();
    const pans = event.button === MIDDLE || (event.button === LEFT && (isSpaceHeld() || !handler));
    if (!pans && !handler) return;
    // No focus moves and no autoscroll starts: keys keep going to the window's actions.
    if (event.button === MIDDLE) event.preventDefault();
    this.drag = { kind: pans ? 'pan' : 'tool', pointerId: event.pointerId };
    this.last = { x: event.clientX, y: event.clientY };
    this.element.setPointerCapture(event.pointerId);
    this.measureAgain();
    if (!pans) this.element.addEventListener(RAW_MOVE, this.moveAhead);
    if (!pans) handler?.onPointerDown(this.translate(event, event.button));
    this.refresh();
  }

  private move(event: PointerEvent): void {
    if (this.drag && event.pointerId !== this.drag.pointerId) return;
    this.hovered = true;
    const { x, y } = this.last;
    this.last = { x: event.clientX, y: event.clientY };
    if (this.drag && (this.drag.kind === 'pan' || pausesStroke(event))) {
      const { zoom, setZoom } = useView.getState();
      setZoom(panBy(zoom, this.stage.size, this.stage.image, event.clientX - x, event.clientY - y));
      return;
    }
    const translated = this.translate(event, -1);
    this.point(translated.image);
    if (translated.path.length > 0) this.handler()?.onPointerMove(translated);
    this.refresh();
  }

  private readonly moveAhead = (event: Event): void => {
    if (!(event instanceof PointerEvent) || this.drag?.pointerId !== event.pointerId || pausesStroke(event)) {
      return;
    }
    const translated = this.translate(event, -1);
    this.heardUntil = event.timeStamp;
    this.handler()?.onPointerMove(translated);
    this.stage.drawAhead();
  };

  /** The drag that ended, null where none was open. */
  private endDrag(): 'pan' | 'tool' | null {
    const kind = this.drag?.kind ?? null;
    this.drag = null;
    this.element.removeEventListener(RAW_MOVE, this.moveAhead);
    return kind;
  }

  private up(event: PointerEvent): void {
    if (this.drag?.pointerId !== event.pointerId) return;
    if (this.endDrag() === 'tool') this.handler()?.onPointerUp(this.translate(event, event.button));
    this.refresh();
  }

  private cancel(event: PointerEvent): void {
    if (this.drag?.pointerId !== event.pointerId) return;
    if (this.endDrag() === 'tool') this.handler()?.onPointerCancel();
    this.refresh();
  }

  /** Chromium lets go of the pointer when the middle button comes up, the left one still held: it is taken back. */
  private captureLost(event: PointerEvent): void {
    if (this.drag?.pointerId === event.pointerId && event.buttons !== 0) {
      this.element.setPointerCapture(event.pointerId);
    } else this.cancel(event);
  }

  private leave(): void {
    this.hovered = false;
    this.cursor = null;
    useView.getState().setCursor(null);
    this.refresh();
  }

  private wheel(event: WheelEvent): void {
    event.preventDefault();
    this.measureAgain();
    const { stage } = this;
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE_HEIGHT : 1;
    const pinch = event.ctrlKey && Math.abs(event.deltaY) < 50;
    const factor = Math.exp(-event.deltaY * lines * (pinch ? PINCH_RATE : WHEEL_RATE));
    const { zoom, setZoom } = useView.getState();
    setZoom(zoomAt(zoom, stage.size, stage.image, this.screen(event), factor));
    this.point(toImage(this.screen(event), stage.placement));
    this.refresh();
  }

  /** Tells the status line and the other stages; outside the picture there is nothing under the cursor. */
  private point(at: ImagePoint): void {
    this.cursor = at;
    const { width, height } = this.stage.image;
    const inside = at.x >= 0 && at.y >= 0 && at.x < width && at.y < height;
    useView.getState().setCursor(inside ? at : null);
  }

  private screen(event: MouseEvent): ScreenPoint {
    const now = performance.now();
    if (now - this.corner.measuredAt > MEASURED_FOR_MS) {
      const { left, top } = this.element.getBoundingClientRect();
      this.corner = { left, top, measuredAt: now };
    }
    return screenPoint(event.clientX - this.corner.left, event.clientY - this.corner.top);
  }

  private translate(event: MouseEvent, button: number): StagePointerEvent {
    const placement = this.stage.placement;
    const screen = this.screen(event);
    const image = toImage(screen, placement);
    const moved = event instanceof PointerEvent && button === -1;
    const coalesced = moved ? event.getCoalescedEvents() : [];
    const movements = moved && coalesced.length === 0 ? [event] : coalesced;
    return {
      image,
      screen,
      path: moved
        ? movements
            .filter((one) => one.timeStamp > this.heardUntil)
            .map((one) => toImage(this.screen(one), placement))
        : [image],
      button,
      buttons: event.buttons,
      pressure: event instanceof PointerEvent ? event.pressure : 0.5,
      pen: event instanceof PointerEvent && event.pointerType === 'pen',
      altKey: event.altKey,
      shiftKey: event.shiftKey,
      modKey: event.ctrlKey || event.metaKey,
      scale: placement.scale,
    };
  }

  private showCursor(): void {
    const handler = this.handler();
    this.element.style.cursor =
      this.drag?.kind === 'pan' ? 'grabbing' : isSpaceHeld() || !handler ? 'grab' : handler.cssCursor();
  }
}

/** A second button pressed in mid-stroke arrives as a move: the stroke waits while the picture is panned. */
const pausesStroke = (event: PointerEvent): boolean => isSpaceHeld() || (event.buttons & MIDDLE_HELD) !== 0;
