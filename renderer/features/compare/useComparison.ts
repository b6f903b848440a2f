import { useMemo } from 'react';
import type { ImageEntry } from '#core/ipc/schemas.ts';
import type { ModelInfo } from '#core/models/modelInfo.ts';
import type { ImageFigures } from '../../store/imageFigures.ts';
import { useFigures } from '../../store/useFigures.ts';
import { modelIn, useModels, type ModelSlot } from '../../store/useModels.ts';
import { currentImage, useProject } from '../../store/useProject.ts';
import { runKey, useResults, type ModelRun, type RunState } from '../../store/useResults.ts';
import type { ClassMapSource } from './useStageLayers.ts';

export interface SlotState {
  readonly model: ModelInfo | null;
  readonly state: RunState | undefined;
  readonly run: ModelRun | null;
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
  const source = useMemo(() => run && { key: slot, map: run.classMap, table: run.table }, [run, slot]);
  return { model, state, run, source };
}

export const useCurrentImage = (): ImageEntry | null => useProject((state) => currentImage(state));

/** The figures of the chosen image, where they are of the chosen models. */
export function useImageFigures(): ImageFigures | null {
  const imageId = useProject((state) => state.imageId);
  return useFigures((state) => (imageId === null ? null : (state.figures.get(imageId) ?? null)));
}
