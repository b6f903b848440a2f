import type { StagePointerEvent, StagePointerHandler } from '../../store/stageTool.ts';
import { useMask } from '../../store/useMask.ts';
import type { ModelSlot } from '../../store/useModels.ts';
import { modelClassAt } from '../../tools/classUnderCursor.ts';

/** A press on an inset picks the class that its model sees there; a drag goes on picking. */
export function insetHandler(slot: ModelSlot): StagePointerHandler {
  const pick = ({ image }: StagePointerEvent): void => {
    const id = modelClassAt(slot, Math.floor(image.x), Math.floor(image.y));
    if (id !== null) useMask.getState().setActiveClass(id);
  };
  return {
    onPointerDown(event) {
      if (event.button === 0) pick(event);
    },
    onPointerMove(event) {
      if (event.buttons === 1) pick(event);
    },
    onPointerUp: () => undefined,
    onPointerCancel: () => undefined,
    overlay: () => [],
    cssCursor: () => 'copy',
  };
}
