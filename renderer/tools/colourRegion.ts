import type { Region } from '#core/disputes/region.ts';
import type { ImagePoint } from '#core/geometry.ts';
import { growRegion } from '#core/mask/growRegion.ts';
import { colourDistance } from '#core/mask/pictureColours.ts';
import type { ToolContext } from './toolContext.ts';

/** The contiguous pixels whose colour is like that under a point; null outside and before there are colours. */
export function colourRegion(point: ImagePoint, tolerance: number, context: ToolContext): Region | null {
  const colours = context.colours();
  const x = Math.floor(point.x);
  const y = Math.floor(point.y);
  const { width, height } = context.raster;
  if (!colours || !(x >= 0 && y >= 0 && x < width && y < height)) return null;
  const own = colours.at(x, y);
  return growRegion(context.raster, x, y, (column, row) => {
    return colourDistance(colours.at(column, row), own) <= tolerance;
  });
}
