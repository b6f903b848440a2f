import type { ImagePoint, PixelRect } from '#core/geometry.ts';
import type { BrushShape } from '#core/mask/brush.ts';

/** What a tool shows over the picture, in image coordinates. It is drawn, never part of the mask. */
export type ToolOverlay =
  /** Borders of pixels: quadruples x0, y0, x1, y1. */
  | { readonly kind: 'edges'; readonly lines: Int32Array }
  | { readonly kind: 'box'; readonly rect: PixelRect }
  | {
      readonly kind: 'brush';
      readonly centre: ImagePoint;
      /** Diameter or side, image pixels. */
      readonly size: number;
      readonly shape: BrushShape;
      /** Where the straight line of Shift+click would start. */
      readonly lineFrom: ImagePoint | null;
      /** The size is being changed: show it as a number. */
      readonly sizing: boolean;
    }
  | {
      readonly kind: 'polygon';
      readonly points: readonly ImagePoint[];
      /** The end of the rubber band, or null while the pointer is elsewhere. */
      readonly cursor: ImagePoint | null;
      /** A click now would close it. */
      readonly closing: boolean;
    };
