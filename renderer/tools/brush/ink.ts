import type { ClassId } from '#core/labels/classTable.ts';
import type { ToolContext } from '../toolContext.ts';

/** What a brush leaves behind: brush and eraser differ in nothing else. */
export interface Ink {
  id(context: ToolContext): ClassId;
  /** Of the undo step. */
  label(context: ToolContext): string;
}

export const ACTIVE_CLASS_INK: Ink = {
  id: (context) => context.activeClass,
  label: (context) => `Brush ${context.className(context.activeClass)}`,
};

export const IGNORE_INK: Ink = {
  id: (context) => context.ignoreId,
  label: () => 'Erase',
};
