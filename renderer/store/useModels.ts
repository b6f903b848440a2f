import { create } from 'zustand';
import type { ModelInfo } from '#core/models/modelInfo.ts';

export type ModelSlot = 'teacher' | 'student';

interface ModelsState {
  readonly models: readonly ModelInfo[];
  readonly teacherId: string | null;
  readonly studentId: string | null;
  readonly setModels: (models: readonly ModelInfo[]) => void;
  /** Adds a model, or takes the place of the one with its id. */
  readonly addModel: (model: ModelInfo) => void;
  readonly choose: (slot: ModelSlot, modelId: string | null) => void;
}

export const useModels = create<ModelsState>()((set, get) => ({
  models: [],
  teacherId: null,
  studentId: null,
  setModels(models) {
    set({ models });
  },
  addModel(model) {
    const { models } = get();
    const known = models.some((old) => old.id === model.id);
    set({ models: known ? models.map((old) => (old.id === model.id ? model : old)) : [...models, model] });
  },
  choose(slot, modelId) {
    set(slot === 'teacher' ? { teacherId: modelId } : { studentId: modelId });
  },
}));

/** The model in a slot, or null where none is chosen or it is gone. */
export function modelIn(
  slot: ModelSlot,
  state: Pick<ModelsState, 'models' | 'teacherId' | 'studentId'> = useModels.getState(),
): ModelInfo | null {
  const id = slot === 'teacher' ? state.teacherId : state.studentId;
  return state.models.find((model) => model.id === id) ?? null;
}
