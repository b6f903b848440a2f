import type { ImagePoint } from '#core/geometry.ts';
import { fillPolygon } from '#core/mask/polygon.ts';
import { filteredSpans } from '#core/mask/spanSink.ts';
import { erasing } from './erasing.ts';
import type { ToolContext } from './toolContext.ts';

/**
 * Fills a closed shape as one step: with the active class, or, subtracting, takes the active class away within
 * it, which leaves what the eraser leaves. `name`: `Polygon`.
 */
export function fillShape(
  points: readonly ImagePoint[],
  name: string,
  subtract: boolean,
  context: ToolContext,
): void {
  const { raster, activeClass } = context;
  context.setOverlay(null);
  raster.beginStep();
  if (subtract) {
    const { ids, width } = raster;
    const own = filteredSpans(erasing(context).sink, (x, y) => ids[y * width + x] === activeClass);
    fillPolygon(own, points, context.ignoreId);
  } else fillPolygon(raster, points, activeClass);
  context.commit(`${name} ${subtract ? 'without ' : ''}${context.className(activeClass)}`);
}

/** Alt turns the mode that is chosen around for one shape. */
export function subtracts(alt: boolean, context: ToolContext): boolean {
  return (context.settings.shapeMode === 'subtract') !== alt;
}
