import type { ModelInfo } from '#core/models/modelInfo.ts';
import type { ModelAnswers } from '#core/models/modelMapping.ts';
import { toProblem } from '#core/problem.ts';
import { call } from './studio.ts';
import { firstFor, useModels, type ModelSlot } from './useModels.ts';
import { useParity } from './useParity.ts';
import { useResults } from './useResults.ts';
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
  await add(() => call('models.choose', {}), slot);
}

/** Asks for an ONNX file and adds it. */
export async function addModelFile(): Promise<void> {
  await add(() => call('models.chooseFile', {}));
}

/** Adds a model folder or an ONNX file that was dropped on the window. */
export async function addModelPath(path: string): Promise<void> {
  await add(() => call('models.add', { folder: path }));
}

/** Keeps what the user says of a model. Throws ProblemError where the model cannot be as that says. */
export async function answerModel(modelId: string, answers: ModelAnswers): Promise<void> {
  const model = await call('models.answer', { modelId, answers });
  useModels.getState().addModel(model);
  if (model.mapping !== null) useParity.getState().verify(model);
  // What it said before was said by another graph, or of other classes.
  useResults.getState().outdate(modelId, null);
}

/**
 * Takes a model that was added from the list; where it was in a slot, the first of that role takes its place.
 * Throws ProblemError where it cannot be removed.
 */
export async function removeModel({ id, name }: ModelInfo): Promise<void> {
  try {
    await call('models.remove', { modelId: id });
  } catch (error) {
    const problem = toProblem(error, { code: 'models.remove', subject: name });
    if (problem.code !== 'model.notDeleted') throw error;
    forget(id);
    useToasts.getState().showProblem(problem);
    return;
  }
  forget(id);
  useToasts.getState().show({ kind: 'info', title: `${name} was removed` });
}

function forget(modelId: string): void {
  const { teacherId, studentId, dropModel } = useModels.getState();
  dropModel(modelId);
  useResults.getState().outdate(modelId, null);
  const { models } = useModels.getState();
  const fill = (slot: ModelSlot): void => {
    const next = firstFor(slot, models, null);
    if (next !== null) chooseModel(slot, next);
  };
  if (teacherId === modelId) fill('teacher');
  if (studentId === modelId) fill('student');
}

async function add(ask: () => Promise<ModelInfo | null>, slot?: ModelSlot): Promise<void> {
  if (asking) return;
  asking = true;
  try {
    const model = await ask();
    if (!model) return;
    useModels.getState().addModel(model);
    const broken = model.problems.find((problem) => problem.severity === 'error');
    if (broken) useToasts.getState().showProblem(broken);
    else {
      if (slot) chooseModel(slot, model.id);
      useParity.getState().verify(model);
    }
  } catch (error) {
    useToasts.getState().showProblem(toProblem(error, { code: 'models.add' }));
  } finally {
    asking = false;
  }
}
