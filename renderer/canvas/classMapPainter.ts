import { clipRect, unionRect, type PixelRect } from '#core/geometry.ts';
import { colourise, colouriseDifference, repaintRect } from '#core/mask/colourise.ts';
import type { StageLayer } from '../store/stageLayer.ts';

/** Rows painted at once: a large picture is coloured in strips, not through a second copy of it. */
const STRIP = 256;

/** Keeps a canvas of colours in step with a layer's class map, repainting only what changed. */
export class ClassMapPainter {
  private surface: OffscreenCanvas | null = null;
  private layer: StageLayer | null = null;
  private dirty: PixelRect | null = null;
  private unsubscribe: (() => void) | null = null;

  constructor(private readonly onChange: () => void) {}

  show(layer: StageLayer): void {
    const old = this.layer;
    this.layer = layer;
    const { width, height } = layer.map;
    if (!old || !looksSame(old, layer)) this.dirty = { x: 0, y: 0, width, height };
    const subscribe = layer.kind === 'classes' ? layer.subscribe : undefined;
    const before = old?.kind === 'classes' ? old.subscribe : undefined;
    if (subscribe !== before) {
      this.unsubscribe?.();
      this.unsubscribe = subscribe?.((rect) => this.change(rect)) ?? null;
    }
  }

  /** The canvas, up to date; null before there is a map. */
  canvas(): OffscreenCanvas | null {
    if (!this.layer) return null;
    const { width, height } = this.layer.map;
    if (this.surface?.width !== width || this.surface.height !== height) {
      this.surface = new OffscreenCanvas(width, height);
      this.dirty = { x: 0, y: 0, width, height };
    }
    const rect = this.dirty && clipRect(this.dirty, width, height);
    this.dirty = null;
    if (rect) paint(this.surface, this.layer, rect);
    return this.surface;
  }

  destroy(): void {
    this.unsubscribe?.();
    this.unsubscribe = null;
    this.surface = null;
    this.layer = null;
  }

  private change(rect: PixelRect): void {
    if (!this.layer) return;
    const style = this.layer.kind === 'classes' ? this.layer.style : 'fill';
    this.dirty = unionRect(this.dirty, repaintRect(rect, style, this.layer.map));
    this.onChange();
  }
}

function paint(surface: OffscreenCanvas, layer: StageLayer, rect: PixelRect): void {
  const context = surface.getContext('2d');
  if (!context) return;
  for (let y = rect.y; y < rect.y + rect.height; y += STRIP) {
    const strip = { ...rect, y, height: Math.min(STRIP, rect.y + rect.height - y) };
    const image = new ImageData(strip.width, strip.height);
    if (layer.kind === 'classes') {
      const { map, table, style, hidden } = layer;
      colourise(map, table, image.data, { rect: strip, style, hidden });
    } else {
      const { map, student, ignoreId, only } = layer;
      colouriseDifference(map, student, image.data, {
        rect: strip,
        ignoreId,
        only: only === null ? undefined : new Set([only]),
      });
    }
    context.putImageData(image, strip.x, strip.y);
  }
}

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
