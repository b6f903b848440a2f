import { useMemo } from 'react';
import type { ImageEntry } from '#core/ipc/schemas.ts';
import type { ModelInfo } from '#core/models/modelInfo.ts';
import type { ImageFigures } from '../../store/imageFigures.ts';
import { useFigures } from '../../store/useFigures.ts';
import { modelIn, useModels, type ModelSlot } from '../../store/useModels.ts';
import { currentImage, useProject } from '../../store/useProject.ts';
import { runKey, shownRun, useResults, type ModelRun, type RunState } from '../../store/useResults.ts';
import type { ClassMapSource } from './useStageLayers.ts';

export interface SlotState {
  readonly model: ModelInfo | null;
  readonly state: RunState | undefined;
  /** Its result; while another is made with other settings, null. */
  readonly run: ModelRun | null;
  /** The class map to draw: the result's, or the one before it while it is made. */
  readonly source: ClassMapSource | null;
}

/** What a slot's model says of the chosen image. */
export function useSlot(slot: ModelSlot): SlotState {
  const imageId = useProject((project) => project.imageId);
  const model = useModels((models) => modelIn(slot, models));
  const state = useResults((results) =>
    imageId === null || !model ? undefined : results.runs.get(runKey(imageId, model.id)),
  );
  const run = state?.status === 'done' ? state.run : null;
  const shown = shownRun(state);
  const source = useMemo(
    () => shown && { key: slot, map: shown.classMap, table: shown.table },
    [shown, slot],
  );
  return { model, state, run, source };
}

export const useCurrentImage = (): ImageEntry | null => useProject((state) => currentImage(state));

/** The figures of the chosen image, where they are of the chosen models. */
export function useImageFigures(): ImageFigures | null {
  const imageId = useProject((state) => state.imageId);
  return useFigures((state) => (imageId === null ? null : (state.figures.get(imageId) ?? null)));
}
