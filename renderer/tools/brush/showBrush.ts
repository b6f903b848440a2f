import type { ImagePoint } from '#core/geometry.ts';
import type { ToolContext } from '../toolContext.ts';

/** Draws the brush's outline at its true size. */
export function showBrush(
  context: ToolContext,
  centre: ImagePoint,
  options: { lineFrom?: ImagePoint | null; size?: number; sizing?: boolean } = {},
): void {
  context.setOverlay({
    kind: 'brush',
    centre,
    size: options.size ?? context.brush.size,
    shape: context.brush.shape,
    lineFrom: options.lineFrom ?? null,
    sizing: options.sizing ?? false,
  });
}
