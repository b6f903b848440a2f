import type { Studio } from '../studio.ts';
import type { GroupHandlers } from './calls.ts';
import type { Choose } from './chooseFolder.ts';

export function modelHandlers(studio: Studio, choose: Choose): GroupHandlers<'models'> {
  return {
    'models.add': ({ folder }) => studio.addModel(folder),
    'models.choose': async () => {
      const folder = await choose({ title: 'Add a model folder', button: 'Add' });
      return folder === null ? null : studio.addModel(folder);
    },
    'models.chooseFile': async () => {
      const path = await choose({ title: 'Add an ONNX file', button: 'Add', file: true });
      return path === null ? null : studio.addModel(path);
    },
    'models.facts': ({ modelId }) => studio.modelFacts(modelId),
    'models.ownFiles': async ({ modelId }) => {
      const files = await studio.ownFiles(modelId);
      return files && { bytes: files.bytes };
    },
    'models.remove': async ({ modelId }) => {
      await studio.removeModel(modelId);
      return null;
    },
    'models.answer': ({ modelId, answers }) => studio.answerModel(modelId, answers),
  };
}
