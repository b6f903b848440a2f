import { clampBrushSize, MAX_BRUSH_SIZE } from '../../tools/brushSettings.ts';

/** Where a brush size stands on the slider, 0 to 1: small sizes lie far apart on it, large ones close. */
export function sliderOfSize(size: number): number {
  return Math.log(size) / Math.log(MAX_BRUSH_SIZE);
}

/** The brush size at a place of the slider. */
export function sizeOfSlider(value: number): number {
  return clampBrushSize(MAX_BRUSH_SIZE ** value);
}
