import type { ImagePoint } from '#core/geometry.ts';
import type { ToolContext } from '../toolContext.ts';

/** Makes the class under the point the active one; where nobody knows a class, nothing changes. */
export function pickAt(point: ImagePoint, context: ToolContext): void {
  const id = context.classAt(Math.floor(point.x), Math.floor(point.y));
  if (id !== null) context.setActiveClass(id);
}
