import { clipRect, type PixelRect } from '#core/geometry.ts';

/** Device pixels. The browser copies and draws a canvas as a whole, whatever small part of it has changed. */
const TILE = 256;

interface Tile {
  readonly rect: PixelRect;
  readonly context: CanvasRenderingContext2D;
}

/**
 * A surface of device pixels as a grid of small canvases, so that a changed rectangle costs the tiles under it and
 * not the stage.
 */
export class TiledCanvas {
  readonly element = document.createElement('div');
  private tiles: readonly Tile[] = [];

  constructor() {
    this.element.className = 'tiled-canvas';
  }

  /** In device pixels; `ratio` of them are one CSS pixel. What was on it is gone. */
  resize(width: number, height: number, ratio: number): void {
    const tiles: Tile[] = [];
    for (let y = 0; y < height; y += TILE) {
      for (let x = 0; x < width; x += TILE) {
        const rect = { x, y, width: Math.min(TILE, width - x), height: Math.min(TILE, height - y) };
        const canvas = document.createElement('canvas');
        canvas.width = rect.width;
        canvas.height = rect.height;
        canvas.style.left = `${x / ratio}px`;
        canvas.style.top = `${y / ratio}px`;
        canvas.style.width = `${rect.width / ratio}px`;
        canvas.style.height = `${rect.height / ratio}px`;
        // Only ever written as a block of pixels: there is nothing that a GPU would do faster.
        const context = canvas.getContext('2d', { willReadFrequently: true });
        if (context) tiles.push({ rect, context });
      }
    }
    this.tiles = tiles;
    this.element.replaceChildren(...tiles.map(({ context }) => context.canvas));
  }

  /** Shows a rectangle of `image`, which has the surface's size. */
  put(image: ImageData, rect: PixelRect): void {
    for (const { rect: tile, context } of this.tiles) {
      const moved = { ...rect, x: rect.x - tile.x, y: rect.y - tile.y };
      const part = clipRect(moved, tile.width, tile.height);
      if (!part) continue;
      const { x, y, width, height } = part;
      context.putImageData(image, -tile.x, -tile.y, x + tile.x, y + tile.y, width, height);
    }
  }
}
