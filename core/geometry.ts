/** Continuous coordinates in the picture: (0, 0) is the top left corner of the top left pixel. */
export interface ImagePoint {
  readonly space: 'image';
  readonly x: number;
  readonly y: number;
}

/** Continuous coordinates in a stage, CSS pixels from its top left corner. */
export interface ScreenPoint {
  readonly space: 'screen';
  readonly x: number;
  readonly y: number;
}

/** Whole pixels: left, top included; x + width, y + height not. */
export interface PixelRect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export const imagePoint = (x: number, y: number): ImagePoint => ({ space: 'image', x, y });
export const screenPoint = (x: number, y: number): ScreenPoint => ({ space: 'screen', x, y });

/** The smallest rectangle that holds both. */
export function unionRect(a: PixelRect | null, b: PixelRect | null): PixelRect | null {
  if (!a) return b;
  if (!b) return a;
  const x = Math.min(a.x, b.x);
  const y = Math.min(a.y, b.y);
  return {
    x,
    y,
    width: Math.max(a.x + a.width, b.x + b.width) - x,
    height: Math.max(a.y + a.height, b.y + b.height) - y,
  };
}

/** The part of `rect` inside width x height, or null where nothing is left. */
export function clipRect(rect: PixelRect, width: number, height: number): PixelRect | null {
  const x0 = Math.max(0, rect.x);
  const y0 = Math.max(0, rect.y);
  const x1 = Math.min(width, rect.x + rect.width);
  const y1 = Math.min(height, rect.y + rect.height);
  return x1 > x0 && y1 > y0 ? { x: x0, y: y0, width: x1 - x0, height: y1 - y0 } : null;
}
