import Konva from 'konva/lib/Core.js';
import type { Context } from 'konva/lib/Context.js';
import { Shape } from 'konva/lib/Shape.js';
import type { ImagePoint } from '#core/geometry.ts';
import type { OverlayShape } from '../store/stageTool.ts';
import type { StageLayer } from '../store/stageLayer.ts';
import type { Zoom } from '../store/useView.ts';
import { drawOverlay, drawPixelGrid, GRID_FROM } from './drawOverlay.ts';
import { MapSurface } from './mapSurface.ts';
import { crossMark, markOf, type Mark } from './markShape.ts';
import { StageMark } from './stageMark.ts';
import { TiledCanvas } from './tiledCanvas.ts';
import { place, visibleRect, type Placement, type Size } from './viewport.ts';

/** Anything that can be drawn as the picture under the class maps. */
export type Picture = ImageBitmap | OffscreenCanvas;

/** The maps are drawn between two frames where the last time is longer ago: what is drawn ahead is not free. */
const DRAW_AHEAD_EVERY_MS = 4;

/**
 * One Konva stage: the picture, class maps over it, and on top what a tool draws. It holds no labels: it is
 * told what to draw, and draws it when the browser asks for the next frame.
 */
export class PictureStage {
  private readonly stage: Konva.Stage;
  private readonly pictureLayer = new Konva.Layer({ listening: false });
  /** Between picture and overlay; its pixels are written by `maps` alone. */
  private readonly mapCanvas = new TiledCanvas();
  private readonly overlayLayer = new Konva.Layer({ listening: false });
  private readonly maps = new MapSurface(() => this.drawMapsLater());
  private mapFrame = 0;
  private drawnAt = 0;
  private picture: Picture | null = null;
  private imageSize: Size = { width: 0, height: 0 };
  private stageSize: Size = { width: 1, height: 1 };
  private zoom: Zoom = { mode: 'fit' };
  private crosshair: ImagePoint | null = null;
  private overlay: readonly OverlayShape[] = [];
  /** The first shape of the overlay where it is a mere outline, such as the brush: it is moved, not drawn. */
  private outline: OverlayShape | null = null;
  private readonly outlineMark: StageMark;
  private readonly crossMark: StageMark;
  private highlight: readonly OverlayShape[] = [];

  constructor(private readonly container: HTMLDivElement) {
    this.stage = new Konva.Stage({ container, width: 1, height: 1, listening: false });
    this.pictureLayer.add(new Shape({ sceneFunc: (context) => this.drawPicture(context), listening: false }));
    this.overlayLayer.add(new Shape({ sceneFunc: (context) => this.drawOver(context), listening: false }));
    this.stage.add(this.pictureLayer, this.overlayLayer);
    const { content } = this.stage;
    content.insertBefore(this.mapCanvas.element, this.overlayLayer.getNativeCanvasElement());
    this.outlineMark = new StageMark(content);
    this.crossMark = new StageMark(content);
  }

  /** How the picture lies in this stage now. */
  get placement(): Placement {
    return place(this.zoom, this.stageSize, this.imageSize);
  }

  get size(): Size {
    return this.stageSize;
  }

  get image(): Size {
    return this.imageSize;
  }

  /** CSS pixels of the element. */
  resize(size: Size): void {
    if (size.width === this.stageSize.width && size.height === this.stageSize.height) return;
    this.stageSize = { width: Math.max(1, size.width), height: Math.max(1, size.height) };
    const ratio = globalThis.devicePixelRatio;
    for (const layer of [this.pictureLayer, this.overlayLayer]) {
      layer.getCanvas().setPixelRatio(ratio);
    }
    this.stage.size(this.stageSize);
    this.tellPlacement();
    // Resized canvases are empty at once: drawn in the same frame, a dragged panel does not flicker.
    this.stage.draw();
    this.drawOverLater();
    const width = Math.round(this.stageSize.width * ratio);
    const height = Math.round(this.stageSize.height * ratio);
    this.mapCanvas.resize(width, height, ratio);
    this.maps.resize(width, height);
    this.maps.changeAll();
    this.maps.draw(this.mapCanvas);
    this.placeMarks();
  }

  /** The picture, null for none; `size` in image pixels also before it is decoded. */
  setPicture(picture: Picture | null, size: Size): void {
    if (
      picture === this.picture &&
      size.width === this.imageSize.width &&
      size.height === this.imageSize.height
    ) {
      return;
    }
    this.picture = picture;
    this.imageSize = size;
    this.redraw();
  }

  /** Draws what changed of the maps now, so that the next frame has less to do; nothing where that was done just now. */
  drawAhead(): void {
    if (this.mapFrame === 0 || performance.now() - this.drawnAt < DRAW_AHEAD_EVERY_MS) return;
    cancelAnimationFrame(this.mapFrame);
    this.drawMaps();
  }

  setLayers(layers: readonly StageLayer[]): void {
    this.maps.setLayers(layers);
  }

  setZoom(zoom: Zoom): void {
    if (zoom === this.zoom) return;
    this.zoom = zoom;
    this.redraw();
  }

  /** The shared cursor, drawn where the pointer is on another stage of the same picture. */
  setCrosshair(point: ImagePoint | null): void {
    if (point === this.crosshair) return;
    this.crosshair = point;
    this.placeCross();
  }

  setOverlay(shapes: readonly OverlayShape[]): void {
    const [first, ...rest] = shapes;
    const isMark = first !== undefined && this.markOf(first) !== null;
    this.outline = isMark ? first : null;
    this.placeOutline();
    const drawn = isMark ? rest : shapes;
    if (drawn.length === 0 && this.overlay.length === 0) return;
    this.overlay = drawn;
    this.drawOverLater();
  }

  /** What the place points at, under the tool's overlay. */
  setHighlight(shapes: readonly OverlayShape[]): void {
    if (shapes === this.highlight) return;
    this.highlight = shapes;
    this.drawOverLater();
  }

  destroy(): void {
    cancelAnimationFrame(this.mapFrame);
    this.maps.destroy();
    this.stage.destroy();
  }

  /** For tests and other readers of the page: `data-placement="scale left top"`, screen = image * scale + (left, top). */
  private tellPlacement(): void {
    const { scale, left, top } = this.placement;
    this.container.dataset.placement = `${scale} ${left} ${top}`;
    const ratio = globalThis.devicePixelRatio;
    this.maps.setView({ scale: scale * ratio, left: left * ratio, top: top * ratio });
  }

  private redraw(): void {
    this.tellPlacement();
    this.pictureLayer.batchDraw();
    this.drawOverLater();
    this.placeMarks();
  }

  private placeMarks(): void {
    this.placeOutline();
    this.placeCross();
  }

  private placeOutline(): void {
    this.outlineMark.show(this.outline && this.markOf(this.outline));
  }

  private placeCross(): void {
    const { crosshair, placement } = this;
    this.crossMark.show(crosshair && crossMark(crosshair, placement, globalThis.devicePixelRatio));
  }

  private markOf(shape: OverlayShape): Mark | null {
    return markOf(shape, this.placement, globalThis.devicePixelRatio);
  }

  /** A canvas with nothing on it is hidden: the browser would blend it over every frame. */
  private drawOverLater(): void {
    const isGridShown = this.placement.scale >= GRID_FROM;
    const isNeeded = isGridShown || this.highlight.length > 0 || this.overlay.length > 0;
    if (this.overlayLayer.visible() !== isNeeded) this.overlayLayer.visible(isNeeded);
    this.overlayLayer.batchDraw();
  }

  private drawMapsLater(): void {
    if (this.mapFrame === 0) this.mapFrame = requestAnimationFrame(() => this.drawMaps());
  }

  private drawMaps(): void {
    this.mapFrame = 0;
    this.maps.draw(this.mapCanvas);
    this.drawnAt = performance.now();
  }

  private drawPicture(context: Context): void {
    if (this.picture) this.drawImage(context, this.picture, this.picture.width / this.imageSize.width);
  }

  /**
   * `density`: pixels of the source per image pixel.
   * Only the part in sight is drawn: zoomed in on a large picture, a frame costs the window, not the picture.
   */
  private drawImage(context: Context, source: Picture, density: number): void {
    const placement = this.placement;
    const rect = visibleRect(placement, this.stageSize, this.imageSize);
    if (!rect) return;
    const { scale, left, top } = placement;
    // From one screen pixel per image pixel on, pixels have edges.
    const smooth = scale * globalThis.devicePixelRatio < density;
    context.setAttr('imageSmoothingEnabled', smooth);
    context.drawImage(
      source,
      rect.x * density,
      rect.y * density,
      rect.width * density,
      rect.height * density,
      rect.x * scale + left,
      rect.y * scale + top,
      rect.width * scale,
      rect.height * scale,
    );
  }

  private drawOver(context: Context): void {
    const visible = visibleRect(this.placement, this.stageSize, this.imageSize);
    if (visible) drawPixelGrid(context, visible, this.placement);
    if (this.highlight.length > 0) drawOverlay(context, this.highlight, this.placement);
    if (this.overlay.length > 0) drawOverlay(context, this.overlay, this.placement);
  }
}
