import { copiedSpans, type SpanSink } from '#core/mask/spanSink.ts';
import type { ToolContext } from './toolContext.ts';

/**
 * What erasing leaves: the ignore index, or, where that is chosen and a model has looked at the picture, what it
 * says there: the model that the mask was started from, else the teacher.
 */
export function erasing(context: ToolContext): { readonly sink: SpanSink; readonly label: string } {
  const beneath = context.settings.eraseTo === 'model' ? context.beneath() : null;
  if (!beneath) return { sink: context.raster, label: 'Erase' };
  return { sink: copiedSpans(context.raster, beneath), label: 'Erase to the model' };
}
