import type { ImagePoint, PixelRect, ScreenPoint } from '#core/geometry.ts';
import type { Rgb } from '#core/labels/rgb.ts';

/** A pointer on a stage, told in both spaces. */
export interface StagePointerEvent {
  readonly image: ImagePoint;
  readonly screen: ScreenPoint;
  /** Every point since the event before, oldest first; the last one is `image`. */
  readonly path: readonly ImagePoint[];
  /** 0 left, 1 middle, 2 right; -1 while moving. */
  readonly button: number;
  /** Bits of the buttons held: 1 left, 2 right, 4 middle. */
  readonly buttons: number;
  /** 0 to 1; 0.5 where the device does not say. */
  readonly pressure: number;
  /** It comes from a pen, which says how hard it is pressed. */
  readonly pen: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
  /** Ctrl, or Command on a Mac. */
  readonly modKey: boolean;
  /** CSS pixels per image pixel. */
  readonly scale: number;
}

/** What a tool draws over the picture, in image space. Line widths and handles keep their size on screen. */
export type OverlayShape =
  | { readonly kind: 'circle'; readonly centre: ImagePoint; readonly radius: number; readonly colour?: Rgb }
  | { readonly kind: 'rect'; readonly rect: PixelRect; readonly colour?: Rgb; readonly fill?: boolean }
  | {
      readonly kind: 'path';
      readonly points: readonly ImagePoint[];
      readonly closed: boolean;
      readonly colour?: Rgb;
      readonly fill?: boolean;
      readonly dashed?: boolean;
    }
  | { readonly kind: 'handle'; readonly at: ImagePoint; readonly active: boolean }
  /** Straight lines along the edges of pixels: quadruples x0, y0, x1, y1. `strong`: thick, for a moment. */
  | { readonly kind: 'edges'; readonly lines: Int32Array; readonly strong: boolean };

/**
 * What a stage calls while a tool is in use. Panning (Space-drag, middle-drag) and zooming never reach the
 * tool: the stage keeps them, also in the middle of a stroke.
 */
export interface StagePointerHandler {
  onPointerDown(event: StagePointerEvent): void;
  /** Hovering and dragging alike: look at `buttons`. */
  onPointerMove(event: StagePointerEvent): void;
  onPointerUp(event: StagePointerEvent): void;
  /** The gesture was taken away: put back what it did. */
  onPointerCancel(): void;
  onDoubleClick?(event: StagePointerEvent): void;
  /** Drawn over the picture after every pointer event and whenever the stage is told to. */
  overlay(cursor: ImagePoint | null): readonly OverlayShape[];
  /** The CSS cursor over the stage. */
  cssCursor(): string;
}
