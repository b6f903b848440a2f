import type { ImagePoint } from '#core/geometry.ts';
import { fillPolygon } from '#core/mask/polygon.ts';
import type { ToolContext } from '../toolContext.ts';

/** Fills the polygon with the active class as one step. */
export function closePolygon(points: readonly ImagePoint[], context: ToolContext): void {
  context.setOverlay(null);
  context.raster.beginStep();
  fillPolygon(context.raster, points, context.activeClass);
  context.commit(`Polygon ${context.className(context.activeClass)}`);
}
