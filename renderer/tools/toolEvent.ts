import type { ImagePoint } from '#core/geometry.ts';

export interface ToolModifiers {
  readonly shift: boolean;
  readonly alt: boolean;
}

export type ToolKey = 'Escape' | 'Enter' | 'Backspace';

/**
 * Why the hand was taken away. `pointerLost`: the browser took the pointer, or the window lost focus.
 * The others: the project, the picture, the place, the tool or the whole mask is about to change.
 */
export type InterruptReason =
  'pointerLost' | 'projectChange' | 'imageChange' | 'placeChange' | 'toolChange' | 'maskChange';

/** What a tool hears. Points are in the picture, also where they lie outside of it. */
export type ToolEvent =
  | { readonly type: 'pointerDown'; readonly point: ImagePoint; readonly modifiers: ToolModifiers }
  | {
      readonly type: 'pointerMove';
      /** Every position since the last event, in order (coalesced events); never empty. */
      readonly points: readonly [ImagePoint, ...ImagePoint[]];
      readonly modifiers: ToolModifiers;
    }
  | { readonly type: 'pointerUp'; readonly point: ImagePoint; readonly modifiers: ToolModifiers }
  /** The pointer left the picture's stage with no button held. */
  | { readonly type: 'pointerLeave' }
  | { readonly type: 'doubleClick'; readonly point: ImagePoint }
  | { readonly type: 'key'; readonly key: ToolKey }
  /** What can be set of the tool was changed beside the picture. */
  | { readonly type: 'settings' }
  /** Shift or Alt went down or up with the pointer at rest. */
  | { readonly type: 'modifiers'; readonly modifiers: ToolModifiers }
  | { readonly type: 'interrupt'; readonly reason: InterruptReason };

export const NO_MODIFIERS: ToolModifiers = { shift: false, alt: false };

/** The position that a move ends at. */
export function lastPoint(points: readonly [ImagePoint, ...ImagePoint[]]): ImagePoint {
  return points[points.length - 1] ?? points[0];
}

/** Whether what was placed in the picture before has no meaning after it. */
export function leavesPicture(reason: InterruptReason): boolean {
  return reason === 'projectChange' || reason === 'imageChange' || reason === 'maskChange';
}
