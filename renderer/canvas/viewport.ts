import {
  imagePoint,
  screenPoint,
  type ImagePoint,
  type PixelRect,
  type ScreenPoint,
} from '#core/geometry.ts';
import type { Zoom } from '../store/useView.ts';

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Where the picture lies in one stage: screen = image * scale + (left, top), CSS pixels. */
export interface Placement {
  readonly scale: number;
  readonly left: number;
  readonly top: number;
}

/** CSS pixels left free around a fitted picture. */
const FIT_MARGIN = 12;
/** An image pixel is never larger than this on screen. */
const MAX_SCALE = 64;
/** Zooming out stops at this share of the fitted size. */
const MIN_OF_FIT = 0.25;

/** The scale at which the whole picture is seen with a margin around it. */
export function fitScale(stage: Size, image: Size): number {
  if (image.width <= 0 || image.height <= 0) return 1;
  const width = Math.max(1, stage.width - 2 * FIT_MARGIN);
  const height = Math.max(1, stage.height - 2 * FIT_MARGIN);
  return Math.min(width / image.width, height / image.height, MAX_SCALE);
}

/** What a zoom means for one stage. A free zoom keeps its image point in the middle of every stage. */
export function place(zoom: Zoom, stage: Size, image: Size): Placement {
  const scale = zoom.mode === 'fit' ? fitScale(stage, image) : zoom.scale;
  const centreX = zoom.mode === 'fit' ? image.width / 2 : zoom.centre.x;
  const centreY = zoom.mode === 'fit' ? image.height / 2 : zoom.centre.y;
  return { scale, left: stage.width / 2 - centreX * scale, top: stage.height / 2 - centreY * scale };
}

export function toImage(point: ScreenPoint, placement: Placement): ImagePoint {
  return imagePoint(
    (point.x - placement.left) / placement.scale,
    (point.y - placement.top) / placement.scale,
  );
}

export function toScreen(point: ImagePoint, placement: Placement): ScreenPoint {
  return screenPoint(point.x * placement.scale + placement.left, point.y * placement.scale + placement.top);
}

/** Zooms by `factor` with the picture's point under `at` staying where it is. */
export function zoomAt(zoom: Zoom, stage: Size, image: Size, at: ScreenPoint, factor: number): Zoom {
  const before = place(zoom, stage, image);
  const fit = fitScale(stage, image);
  const lowest = Math.min(1, fit * MIN_OF_FIT);
  const scale = Math.min(MAX_SCALE, Math.max(lowest, before.scale * factor));
  const anchor = toImage(at, before);
  return free(
    scale,
    anchor.x - (at.x - stage.width / 2) / scale,
    anchor.y - (at.y - stage.height / 2) / scale,
    image,
  );
}

/** Moves the picture by CSS pixels. Its middle stays within the picture, so that it cannot get lost. */
export function panBy(zoom: Zoom, stage: Size, image: Size, dx: number, dy: number): Zoom {
  const { scale, left, top } = place(zoom, stage, image);
  return free(scale, (stage.width / 2 - left - dx) / scale, (stage.height / 2 - top - dy) / scale, image);
}

/** One image pixel is one CSS pixel, around the point in the middle. */
export function actualSize(zoom: Zoom, stage: Size, image: Size): Zoom {
  const { scale, left, top } = place(zoom, stage, image);
  return free(1, (stage.width / 2 - left) / scale, (stage.height / 2 - top) / scale, image);
}

/**
 * Around a rectangle of the picture: it takes `share` of the stage's width or height, whichever is reached first, in the
 * middle as far as the picture still fills the stage.
 */
export function zoomToRect(rect: PixelRect, stage: Size, image: Size, share: number): Zoom {
  const scale = Math.min((stage.width * share) / rect.width, (stage.height * share) / rect.height, MAX_SCALE);
  // A rectangle that is as large when the whole picture is seen needs no more than that.
  if (scale <= fitScale(stage, image)) return { mode: 'fit' };
  return free(
    scale,
    filled(rect.x + rect.width / 2, image.width, (stage.width / 2 - FIT_MARGIN) / scale),
    filled(rect.y + rect.height / 2, image.height, (stage.height / 2 - FIT_MARGIN) / scale),
    image,
  );
}

/** The middle nearest to `wanted` from which a picture of length `size` reaches `half` to both sides; else its own. */
function filled(wanted: number, size: number, half: number): number {
  return size <= 2 * half ? size / 2 : Math.min(size - half, Math.max(half, wanted));
}

function free(scale: number, x: number, y: number, image: Size): Zoom {
  return {
    mode: 'free',
    scale,
    centre: imagePoint(Math.min(image.width, Math.max(0, x)), Math.min(image.height, Math.max(0, y))),
  };
}

/** The part of the picture that a stage shows, in whole pixels; null where none of it is in sight. */
export function visibleRect(
  placement: Placement,
  stage: Size,
  image: Size,
): { x: number; y: number; width: number; height: number } | null {
  const x0 = Math.max(0, Math.floor(-placement.left / placement.scale));
  const y0 = Math.max(0, Math.floor(-placement.top / placement.scale));
  const x1 = Math.min(image.width, Math.ceil((stage.width - placement.left) / placement.scale));
  const y1 = Math.min(image.height, Math.ceil((stage.height - placement.top) / placement.scale));
  return x1 > x0 && y1 > y0 ? { x: x0, y: y0, width: x1 - x0, height: y1 - y0 } : null;
}
