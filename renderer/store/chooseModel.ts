import { toProblem } from '#core/problem.ts';
import { call } from './studio.ts';
import { useModels, type ModelSlot } from './useModels.ts';
import { useSettings } from './useSettings.ts';
import { useToasts } from './useToasts.ts';

/** Puts a model into a slot and remembers it. */
export function chooseModel(slot: ModelSlot, modelId: string): void {
  useModels.getState().choose(slot, modelId);
  useSettings.getState().change(slot === 'teacher' ? { teacherId: modelId } : { studentId: modelId });
}

let asking = false;

/** Asks for a model folder and adds it; into `slot` where one is given. */
export async function addModelFolder(slot?: ModelSlot): Promise<void> {
  if (asking) return;
  asking = true;
  try {
    const model = await call('models.choose', {});
    if (!model) return;
    useModels.getState().addModel(model);
    const broken = model.problems.find((problem) => problem.severity === 'error');
    if (broken) useToasts.getState().showProblem(broken);
    else if (slot) chooseModel(slot, model.id);
  } catch (error) {
    useToasts.getState().showProblem(toProblem(error, { code: 'models.add' }));
  } finally {
    asking = false;
  }
}
