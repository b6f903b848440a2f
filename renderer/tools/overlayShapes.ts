import { imagePoint, type ImagePoint, type PixelRect } from '#core/geometry.ts';
import type { Rgb } from '#core/labels/rgb.ts';
import type { OverlayShape } from '../store/stageTool.ts';
import { brushOutline } from './brushOutline.ts';
import type { ToolOverlay } from './toolOverlay.ts';

/** From this many screen pixels per image pixel on, the outline follows the pixels' edges. */
const PIXEL_OUTLINE_SCALE = 3;
/** Larger brushes look round at any zoom. */
const PIXEL_OUTLINE_SIZE = 128;

/** What a stage draws for a tool; `colour` is the colour that it paints with. */
export function overlayShapes(overlay: ToolOverlay | null, colour: Rgb, scale: number): OverlayShape[] {
  if (!overlay) return [];
  switch (overlay.kind) {
    case 'edges':
      return [{ kind: 'edges', lines: overlay.lines, strong: false }];
    case 'box':
      return [
        { kind: 'rect', rect: overlay.rect, colour, fill: true },
        { kind: 'rect', rect: overlay.rect },
      ];
    case 'brush': {
      const shapes: OverlayShape[] = [brushShape(overlay, scale)];
      if (overlay.lineFrom) {
        const points = [overlay.lineFrom, overlay.centre];
        shapes.push({ kind: 'path', points, closed: false, dashed: true });
      }
      return shapes;
    }
    case 'polygon': {
      const { points, cursor, closing } = overlay;
      const path = cursor && !closing ? [...points, cursor] : points;
      const shapes: OverlayShape[] = [
        { kind: 'path', points: path, closed: true, colour, fill: true },
        // Class colours may be as dark as the picture: the line itself is white.
        { kind: 'path', points: path, closed: true },
      ];
      // A freehand line has hundreds of points: handles would hide it.
      const handles = points.length > 40 ? points.slice(0, 1) : points;
      handles.forEach((at, index) => shapes.push({ kind: 'handle', at, active: index === 0 && closing }));
      return shapes;
    }
  }
}

function brushShape(overlay: Extract<ToolOverlay, { kind: 'brush' }>, scale: number): OverlayShape {
  const { centre, size, shape } = overlay;
  if (scale >= PIXEL_OUTLINE_SCALE && size <= PIXEL_OUTLINE_SIZE) {
    return { kind: 'path', points: brushOutline(centre, { size, shape }), closed: true };
  }
  if (shape === 'round') return { kind: 'circle', centre, radius: size / 2 };
  return { kind: 'rect', rect: squareAround(centre, size) };
}

/** The pixels of a square brush: as core/mask/brush.ts rounds them. */
function squareAround(centre: ImagePoint, size: number): PixelRect {
  const corner = imagePoint(Math.ceil(centre.x - size / 2 - 0.5), Math.ceil(centre.y - size / 2 - 0.5));
  return { x: corner.x, y: corner.y, width: size, height: size };
}
