import type { BrushShape } from '#core/mask/brush.ts';

export interface BrushSettings {
  /** Diameter or side in image pixels, whole, MIN_BRUSH_SIZE to MAX_BRUSH_SIZE. */
  readonly size: number;
  readonly shape: BrushShape;
}

export const MIN_BRUSH_SIZE = 1;
export const MAX_BRUSH_SIZE = 512;

/** The nearest size that a brush can have. */
export function clampBrushSize(size: number): number {
  return Math.min(MAX_BRUSH_SIZE, Math.max(MIN_BRUSH_SIZE, Math.round(size)));
}

/** The next size of the `[` and `]` keys: by one pixel where that is much, by about a sixth where it is little. */
export function steppedBrushSize(size: number, direction: 1 | -1): number {
  const step = Math.max(1, Math.round(size / 6));
  return clampBrushSize(size + direction * step);
}
