import { clipRect, type PixelRect } from '#core/geometry.ts';
import { createClassIds, type ClassMap } from '#core/mask/classMap.ts';

/**
 * A class map with one id for every `stride` x `stride` pixels, the one in their middle: borders found in it
 * are as thin as one screen pixel where the map itself is shown smaller than that.
 */
export class ReducedMap implements ClassMap {
  readonly width: number;
  readonly height: number;
  readonly ids: ClassMap['ids'];

  constructor(
    readonly source: ClassMap,
    readonly stride: number,
  ) {
    this.width = Math.ceil(source.width / stride);
    this.height = Math.ceil(source.height / stride);
    this.ids = createClassIds(this.width * this.height, source.ids instanceof Uint16Array ? 65535 : 255);
  }

  /** Reads again what lies under `rect` of the source; the same rectangle here. */
  update(rect: PixelRect): PixelRect | null {
    const { source, stride } = this;
    const x0 = Math.floor(rect.x / stride);
    const y0 = Math.floor(rect.y / stride);
    const own = clipRect(
      {
        x: x0,
        y: y0,
        width: Math.ceil((rect.x + rect.width) / stride) - x0,
        height: Math.ceil((rect.y + rect.height) / stride) - y0,
      },
      this.width,
      this.height,
    );
    if (!own) return null;
    const middle = stride >> 1;
    for (let y = own.y; y < own.y + own.height; y++) {
      const row = Math.min(source.height - 1, y * stride + middle) * source.width;
      for (let x = own.x; x < own.x + own.width; x++) {
        this.ids[y * this.width + x] = source.ids[row + Math.min(source.width - 1, x * stride + middle)]!;
      }
    }
    return own;
  }
}

/** How many image pixels share one screen pixel, at least 1. `scale`: screen pixels per image pixel. */
export const strideFor = (scale: number): number => Math.max(1, Math.floor(1 / scale));
