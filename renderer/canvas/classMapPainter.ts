import { clipRect, unionRect, type PixelRect } from '#core/geometry.ts';
import { colourise, colouriseDifference } from '#core/mask/colourise.ts';
import type { ClassMap } from '#core/mask/classMap.ts';
import type { StageLayer } from '../store/stageLayer.ts';
import { ReducedMap, strideFor } from './reducedMap.ts';

/** Pixels coloured at once, and how long a frame may spend on it: the rest of a large picture follows. */
const STRIP_PIXELS = 2 ** 18;
const BUDGET_MS = 10;
/** Image pixels. */
const NARROWEST_STRIPE = 4;
/** Screen pixels: narrower, the two colours of a claim run into one. */
const LEAST_SHOWN_STRIPE = 6;

/** Colours with one pixel for every `stride` x `stride` of the class map. */
export interface PaintedMap {
  readonly surface: OffscreenCanvas;
  readonly stride: number;
}

/** Keeps a canvas of colours in step with a layer's class map, repainting only what changed. */
export class ClassMapPainter {
  private surface: OffscreenCanvas | null = null;
  private layer: StageLayer | null = null;
  private dirty: PixelRect | null = null;
  private unsubscribe: (() => void) | null = null;
  private frame = 0;
  private stride = 1;
  private stripe = NARROWEST_STRIPE;
  private reduced: ReducedMap | null = null;

  constructor(private readonly onChange: () => void) {}

  show(layer: StageLayer): void {
    const old = this.layer;
    this.layer = layer;
    if (!old || !looksSame(old, layer)) this.dirty = wholeOf(layer.map);
    // Of another picture nothing may stay while its colours come in; of this one the old look may.
    if (old && old.map !== layer.map) this.clear();
    const subscribe = layer.kind === 'classes' ? layer.subscribe : undefined;
    const before = old?.kind === 'classes' ? old.subscribe : undefined;
    if (subscribe !== before) {
      this.unsubscribe?.();
      this.unsubscribe = subscribe?.((rect) => this.change(rect)) ?? null;
    }
  }

  /**
   * The canvas, up to date as far as this frame allows; null before there is a map. `scale`: screen pixels per
   * image pixel. Outlines are found at the size at which they are shown: borders one image pixel wide would
   * vanish in a large picture.
   */
  canvas(scale: number): PaintedMap | null {
    if (!this.layer) return null;
    const { map } = this.layer;
    const stripe = this.layer.kind === 'difference' ? stripeFor(scale) : this.stripe;
    if (stripe !== this.stripe) this.dirty = wholeOf(map);
    this.stripe = stripe;
    const stride = this.layer.kind === 'classes' && this.layer.style === 'outline' ? strideFor(scale) : 1;
    if (stride !== this.stride || map !== this.reduced?.source) {
      if (stride !== this.stride) this.dirty = wholeOf(map);
      this.stride = stride;
      this.reduced = stride > 1 ? new ReducedMap(map, stride) : null;
    }
    const shown = this.reduced ?? map;
    if (this.surface?.width !== shown.width || this.surface.height !== shown.height) {
      this.surface = new OffscreenCanvas(shown.width, shown.height);
      this.dirty = wholeOf(map);
    }
    const rect = this.dirty && clipRect(this.dirty, map.width, map.height);
    this.dirty = null;
    if (rect && this.reduced) {
      const own = this.reduced.update(rect);
      if (own) paint(this.surface, { ...this.layer, map: this.reduced }, own, { stripe, budget: Infinity });
    } else if (rect) {
      this.dirty = paint(this.surface, this.layer, rect, { stripe, budget: BUDGET_MS });
    }
    if (this.dirty) this.continueLater();
    return { surface: this.surface, stride };
  }

  destroy(): void {
    cancelAnimationFrame(this.frame);
    this.unsubscribe?.();
    this.unsubscribe = null;
    this.surface = null;
    this.layer = null;
  }

  private clear(): void {
    this.surface?.getContext('2d')?.clearRect(0, 0, this.surface.width, this.surface.height);
  }

  private continueLater(): void {
    if (this.frame !== 0) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.onChange();
    });
  }

  private change(rect: PixelRect): void {
    if (!this.layer) return;
    const { map } = this.layer;
    const outlined = this.layer.kind === 'classes' && this.layer.style === 'outline';
    // A border lies on both sides of a change, as far away as one shown pixel reaches.
    const grow = outlined ? 2 * this.stride : 0;
    const grown = {
      x: rect.x - grow,
      y: rect.y - grow,
      width: rect.width + 2 * grow,
      height: rect.height + 2 * grow,
    };
    this.dirty = unionRect(this.dirty, clipRect(grown, map.width, map.height));
    this.onChange();
  }
}

/** Paints from the top for as long as a frame allows; what is left to do, or null. */
function paint(
  surface: OffscreenCanvas,
  layer: StageLayer,
  rect: PixelRect,
  { stripe, budget }: { readonly stripe: number; readonly budget: number },
): PixelRect | null {
  const context = surface.getContext('2d');
  if (!context) return null;
  const begun = performance.now();
  const rows = Math.max(1, Math.floor(STRIP_PIXELS / rect.width));
  const bottom = rect.y + rect.height;
  for (let y = rect.y; y < bottom; y += rows) {
    if (y > rect.y && performance.now() - begun > budget) return { ...rect, y, height: bottom - y };
    const strip = { ...rect, y, height: Math.min(rows, bottom - y) };
    const image = new ImageData(strip.width, strip.height);
    colour(layer, strip, image.data, stripe);
    context.putImageData(image, strip.x, strip.y);
  }
  return null;
}

function colour(layer: StageLayer, rect: PixelRect, out: Uint8ClampedArray, stripe: number): void {
  switch (layer.kind) {
    case 'classes': {
      const { map, table, style, hidden } = layer;
      colourise(map, table, out, { rect, style, hidden });
      return;
    }
    case 'difference': {
      const { map, student, ignoreId, only } = layer;
      const claims = only === null ? undefined : new Set([only]);
      colouriseDifference(map, student, out, { rect, ignoreId, only: claims, stripe });
      return;
    }
  }
}

/** Doubled until it can be seen: zooming repaints a large difference only where that changes. */
function stripeFor(scale: number): number {
  let stripe = NARROWEST_STRIPE;
  while (stripe * scale < LEAST_SHOWN_STRIPE) stripe *= 2;
  return stripe;
}

const wholeOf = ({ width, height }: ClassMap): PixelRect => ({ x: 0, y: 0, width, height });

function looksSame(a: StageLayer, b: StageLayer): boolean {
  if (a.map !== b.map) return false;
  if (a.kind === 'classes') {
    return b.kind === 'classes' && a.table === b.table && a.style === b.style && sameSet(a.hidden, b.hidden);
  }
  return b.kind === 'difference' && a.student === b.student && a.only === b.only && a.ignoreId === b.ignoreId;
}

function sameSet(a: ReadonlySet<number>, b: ReadonlySet<number>): boolean {
  return a === b || (a.size === b.size && [...a].every((value) => b.has(value)));
}
