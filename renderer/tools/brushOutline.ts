import { imagePoint, type ImagePoint } from '#core/geometry.ts';
import { classId } from '#core/labels/classTable.ts';
import { paintStroke } from '#core/mask/brush.ts';
import { MaskRaster } from '#core/mask/maskRaster.ts';
import type { BrushSettings } from './brushSettings.ts';

const OUTSIDE = classId(0);
const INSIDE = classId(1);
/** Left free around the brush: a centre between two pixels reaches one further. */
const MARGIN = 2;

/**
 * The border of exactly those pixels that a click at `centre` would paint, as the corners of a closed path in
 * the picture. It is found by painting: there is one definition of what a brush covers.
 */
export function brushOutline(centre: ImagePoint, brush: BrushSettings): ImagePoint[] {
  const side = brush.size + 2 * MARGIN;
  const left = Math.floor(centre.x - side / 2);
  const top = Math.floor(centre.y - side / 2);
  const raster = new MaskRaster({ width: side, height: side, ignoreId: OUTSIDE });
  const at = imagePoint(centre.x - left, centre.y - top);
  raster.beginStep();
  paintStroke(raster, at, at, { radius: brush.size / 2, shape: brush.shape, id: INSIDE });
  // Discs and squares have one run of pixels per row: down along the right ends, up along the left ends.
  const rightSide: ImagePoint[] = [];
  const leftSide: ImagePoint[] = [];
  for (let row = 0; row < side; row++) {
    const ids = raster.ids.subarray(row * side, (row + 1) * side);
    const first = ids.indexOf(INSIDE);
    if (first < 0) continue;
    const end = ids.lastIndexOf(INSIDE) + 1;
    rightSide.push(imagePoint(left + end, top + row), imagePoint(left + end, top + row + 1));
    leftSide.push(imagePoint(left + first, top + row), imagePoint(left + first, top + row + 1));
  }
  return [...rightSide, ...leftSide.reverse()];
}
