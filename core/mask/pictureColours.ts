import type { PixelRect } from '../geometry.ts';

/** Edge of the tiles in which colours are read, pixels. */
const TILE = 256;
/** Tiles kept, 64 MB: what a hand works on lies close together. */
const KEPT = 256;

/** The colours of a picture, read in tiles as they are asked for: a tool looks at a part of it only. */
export class PictureColours {
  private readonly tiles = new Map<number, Uint8ClampedArray>();
  private readonly columns: number;
  private lastKey = -1;
  private last: Uint8ClampedArray = new Uint8ClampedArray(0);

  constructor(
    readonly width: number,
    readonly height: number,
    /** RGBA, row-major, of a rectangle within the picture. */
    private readonly read: (rect: PixelRect) => Uint8ClampedArray,
  ) {
    this.columns = Math.ceil(width / TILE);
  }

  /** 0xRRGGBB of a pixel of the picture. */
  at(x: number, y: number): number {
    const key = (y >> 8) * this.columns + (x >> 8);
    if (key !== this.lastKey) this.open(key);
    const left = x & ~(TILE - 1);
    const width = Math.min(TILE, this.width - left);
    const place = ((y & (TILE - 1)) * width + (x - left)) * 4;
    return (this.last[place]! << 16) | (this.last[place + 1]! << 8) | this.last[place + 2]!;
  }

  private open(key: number): void {
    let tile = this.tiles.get(key);
    if (!tile) {
      if (this.tiles.size >= KEPT) this.tiles.clear();
      const x = (key % this.columns) * TILE;
      const y = Math.floor(key / this.columns) * TILE;
      const width = Math.min(TILE, this.width - x);
      const height = Math.min(TILE, this.height - y);
      tile = this.read({ x, y, width, height });
      this.tiles.set(key, tile);
    }
    this.lastKey = key;
    this.last = tile;
  }
}

/** The largest difference of two colours 0xRRGGBB in one channel, 0 to 255. */
export function colourDistance(a: number, b: number): number {
  const red = Math.abs((a >> 16) - (b >> 16));
  const green = Math.abs(((a >> 8) & 255) - ((b >> 8) & 255));
  const blue = Math.abs((a & 255) - (b & 255));
  return Math.max(red, green, blue);
}
