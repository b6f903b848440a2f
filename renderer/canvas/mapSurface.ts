import { clipRect, unionRect, type PixelRect } from '#core/geometry.ts';
import { STUDENT_CLAIM, TEACHER_CLAIM } from '#core/mask/colouriseDifference.ts';
import { alphaOf, classColours, packRgba } from '#core/mask/classColours.ts';
import {
  clearSurface,
  renderClasses,
  renderDifference,
  surfaceRect,
  type MapView,
  type Surface,
} from '#core/mask/renderMap.ts';
import type { ClassMapLayer, DifferenceLayer, StageLayer } from '../store/stageLayer.ts';
import type { TiledCanvas } from './tiledCanvas.ts';

/** Image pixels. */
const NARROWEST_STRIPE = 4;
/** Screen pixels: narrower, the two colours of a claim run into one. */
const LEAST_SHOWN_STRIPE = 6;

interface Shown {
  readonly layer: StageLayer;
  readonly colours: Uint32Array;
  readonly unsubscribe: (() => void) | null;
}

/**
 * The class maps of one stage as pixels of its screen: kept in step with the layers, repainting only what of
 * the screen changed. There is no picture-sized canvas anywhere, so a stroke costs the screen that it covers,
 * and a picture of any size the window that it is seen in.
 */
export class MapSurface {
  private image: ImageData | null = null;
  /** The image's own bytes. */
  private surface: Surface = { width: 0, height: 0, pixels: new Uint32Array(0) };
  private shown: readonly Shown[] = [];
  private view: MapView = { scale: 1, left: 0, top: 0 };
  /** Of the surface: not yet painted. */
  private dirty: PixelRect | null = null;

  /** `onChange`: something has to be painted with the next frame. */
  constructor(private readonly onChange: () => void) {}

  /** Device pixels. */
  resize(width: number, height: number): void {
    if (this.image?.width === width && this.image.height === height) return;
    this.image = new ImageData(width, height);
    this.surface = { width, height, pixels: new Uint32Array(this.image.data.buffer) };
    this.changeAll();
  }

  setView(view: MapView): void {
    const { scale, left, top } = this.view;
    if (scale === view.scale && left === view.left && top === view.top) return;
    this.view = view;
    this.changeAll();
  }

  setLayers(layers: readonly StageLayer[]): void {
    const before = this.shown;
    if (layers.length === before.length && layers.every((layer, n) => layer === before[n]?.layer)) return;
    for (const { unsubscribe } of before) unsubscribe?.();
    this.shown = layers.map((layer) => ({
      layer,
      colours: coloursOf(layer, before),
      unsubscribe:
        (layer.kind === 'classes' ? layer.subscribe?.((rect) => this.change(rect)) : undefined) ?? null,
    }));
    this.changeAll();
  }

  /** Paints what changed and puts it on the canvas, which has the surface's size and nothing else on it. */
  draw(canvas: TiledCanvas): void {
    const rect = this.dirty;
    const { image, surface } = this;
    this.dirty = null;
    if (!rect || !image) return;
    clearSurface(surface, rect);
    let blank = true;
    for (const { layer, colours } of this.shown) {
      const clipped = clip(layer, rect, surface.width);
      if (!clipped || layer.opacity === 0) continue;
      if (layer.kind === 'classes') {
        const { map, style } = layer;
        renderClasses({ surface, rect: clipped, view: this.view, map, colours, style, blank });
      } else this.drawDifference(layer, clipped);
      blank = false;
    }
    canvas.put(image, rect);
  }

  /** The canvas lost what was on it. */
  changeAll(): void {
    if (!this.image) return;
    const { width, height } = this.surface;
    this.dirty = { x: 0, y: 0, width, height };
    this.onChange();
  }

  destroy(): void {
    for (const { unsubscribe } of this.shown) unsubscribe?.();
    this.shown = [];
    this.image = null;
  }

  private change(rect: PixelRect): void {
    const own = surfaceRect(rect, this.view, this.surface);
    if (!own) return;
    this.dirty = unionRect(this.dirty, own);
    this.onChange();
  }

  private drawDifference(layer: DifferenceLayer, rect: PixelRect): void {
    const claims = new Uint8Array(65536).fill(layer.only === null ? 1 : 0);
    if (layer.only !== null) claims[layer.only] = 1;
    claims[layer.ignoreId] = 0;
    const alpha = alphaOf(layer.opacity);
    renderDifference({
      surface: this.surface,
      rect,
      view: this.view,
      teacher: layer.map,
      student: layer.student,
      teacherColour: packRgba(TEACHER_CLAIM, alpha),
      studentColour: packRgba(STUDENT_CLAIM, alpha),
      claims,
      stripe: stripeFor(this.view.scale),
    });
  }
}

const NONE = new Uint32Array(0);

/** Colours by class id: those of before where nothing about them changed. */
function coloursOf(layer: StageLayer, before: readonly Shown[]): Uint32Array {
  if (layer.kind !== 'classes') return NONE;
  const known = before.find(({ layer: old }) => old.kind === 'classes' && looksSame(old, layer));
  return known?.colours ?? classColours(layer.table, { opacity: layer.opacity, hidden: layer.hidden });
}

const looksSame = (a: ClassMapLayer, b: ClassMapLayer): boolean =>
  a.table === b.table && a.hidden === b.hidden && a.opacity === b.opacity;

function clip(layer: StageLayer, rect: PixelRect, width: number): PixelRect | null {
  if (!layer.clip) return rect;
  const from = Math.round(layer.clip.from * width);
  const to = Math.round(layer.clip.to * width);
  const moved = { ...rect, x: rect.x - from };
  const inside = clipRect(moved, to - from, rect.y + rect.height);
  return inside && { ...inside, x: inside.x + from };
}

/** Doubled until it can be seen. */
function stripeFor(scale: number): number {
  let stripe = NARROWEST_STRIPE;
  while (stripe * scale < LEAST_SHOWN_STRIPE) stripe *= 2;
  return stripe;
}
