import { ProblemError } from '#core/problem.ts';
import { cutCard } from '#core/gates/cutCard.ts';
import { checkStudentFolder, writeModelFolder } from '../node/pruneFolder.ts';
import type { Studio } from '../studio.ts';
import type { GroupHandlers } from './calls.ts';
import { chooseOutput, type Choose } from './chooseFolder.ts';

export function gateHandlers(studio: Studio, choose: Choose): GroupHandlers<'gates'> {
  const { queue } = studio;
  return {
    'gates.record': ({ projectId, layers, images, ...key }) =>
      queue.run(() => {
        const { store } = studio.projectOf(projectId);
        if (!store.readOnly) store.gates.record(key, layers, images);
        return null;
      }),
    'gates.list': ({ projectId, ...key }) =>
      queue.run(() => studio.projectOf(projectId).store.gates.list(key)),
    'gates.chooseFolder': async () => {
      const folder = await chooseOutput(choose, 'A new folder for the smaller student');
      if (folder !== null) await checkStudentFolder(folder);
      return folder;
    },
    'gates.writeCut': async ({ modelId, folder, student }) => {
      const source = studio.findModel(modelId);
      if (!source) {
        throw new ProblemError({
          code: 'gates.noModel',
          title: 'the student that was cut is not listed any more',
          subject: modelId,
          hint: 'Add its folder again',
        });
      }
      const card = (id: string) => cutCard({ id, source, student });
      return studio.addModel(await writeModelFolder({ onnx: student.onnx, card }, source, folder));
    },
  };
}
