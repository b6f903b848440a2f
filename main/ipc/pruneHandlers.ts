import { ProblemError } from '#core/problem.ts';
import { checkStudentFolder, writeStudentFolder } from '../node/pruneFolder.ts';
import type { Studio } from '../studio.ts';
import type { GroupHandlers } from './calls.ts';
import { chooseOutput, type Choose } from './chooseFolder.ts';

export function pruneHandlers(studio: Studio, choose: Choose): GroupHandlers<'prune'> {
  return {
    'prune.choose': async () => {
      const folder = await chooseOutput(choose, 'A new folder for the student');
      // Now, and not after minutes of work.
      if (folder !== null) await checkStudentFolder(folder);
      return folder;
    },
    'prune.write': async ({ teacherId, folder, student }) => {
      const teacher = studio.findModel(teacherId);
      if (!teacher) {
        throw new ProblemError({
          code: 'prune.noTeacher',
          title: 'the model that was pruned is not listed any more',
          subject: teacherId,
          hint: 'Add its folder again',
        });
      }
      return studio.addModel(await writeStudentFolder(student, teacher, folder));
    },
  };
}
