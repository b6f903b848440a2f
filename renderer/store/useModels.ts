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
  /** Takes it from the list; its slots are empty then. */
  readonly dropModel: (modelId: string) => void;
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
  dropModel(modelId) {
    const { models, teacherId, studentId } = get();
    set({
      models: models.filter(({ id }) => id !== modelId),
      teacherId: teacherId === modelId ? null : teacherId,
      studentId: studentId === modelId ? null : studentId,
    });
  },
  choose(slot, modelId) {
    set(slot === 'teacher' ? { teacherId: modelId } : { studentId: modelId });
  },
}));

/** The model that was in the slot, or the first of its role that can run. */
export function firstFor(
  slot: ModelSlot,
  models: readonly ModelInfo[],
  wanted: string | null,
): string | null {
  const usable = models.filter((model) => !model.problems.some((problem) => problem.severity === 'error'));
  const kept = usable.find((model) => model.id === wanted);
  return (kept ?? usable.find((model) => model.role === slot))?.id ?? null;
}

/** The model in a slot, or null where none is chosen or it is gone. */
export function modelIn(
  slot: ModelSlot,
  state: Pick<ModelsState, 'models' | 'teacherId' | 'studentId'> = useModels.getState(),
): ModelInfo | null {
  const id = slot === 'teacher' ? state.teacherId : state.studentId;
  return state.models.find((model) => model.id === id) ?? null;
}
