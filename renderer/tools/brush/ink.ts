import type { ClassId } from '#core/labels/classTable.ts';
import { filteredSpans, type SpanSink } from '#core/mask/spanSink.ts';
import { erasing } from '../erasing.ts';
import type { ToolContext } from '../toolContext.ts';

/** What a brush leaves behind, and where: brush, eraser and snapping brush differ in nothing else. */
export interface Ink {
  id(context: ToolContext): ClassId;
  /** Of the undo step. */
  label(context: ToolContext): string;
  /** What a stroke writes through, asked for when it begins. */
  sink(context: ToolContext): SpanSink;
}

export const ACTIVE_CLASS_INK: Ink = {
  id: (context) => context.activeClass,
  label: (context) => `Brush ${context.className(context.activeClass)}`,
  sink: (context) => context.raster,
};

export const ERASER_INK: Ink = {
  id: (context) => context.ignoreId,
  label: (context) => erasing(context).label,
  sink: (context) => erasing(context).sink,
};

/** The active class, where one of the models takes it into consideration. */
export const SNAP_INK: Ink = {
  id: (context) => context.activeClass,
  label: (context) => `Snap ${context.className(context.activeClass)}`,
  sink: (context) => {
    const allows = context.allowed(context.activeClass);
    return allows ? filteredSpans(context.raster, allows) : context.raster;
  },
};
