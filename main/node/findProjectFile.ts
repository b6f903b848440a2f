import { realpath, stat } from 'node:fs/promises';
import { ProblemError } from '#core/problem.ts';
import { findImageFolder } from './imageFolder.ts';
import { projectPlace } from './projectPlace.ts';

/**
 * The project file that `path` names: the file itself, or that of an image folder in `projectsFolder`.
 * Throws ProblemError `project.missing`.
 */
export async function findProjectFile(path: string, projectsFolder: string): Promise<string> {
  const status = await stat(path).catch(() => null);
  if (status?.isFile()) return path;
  if (!status?.isDirectory()) {
    throw new ProblemError({
      code: 'project.missing',
      subject: path,
      title: 'there is no such project file or folder of images',
      hint: 'Name a .dynaseg file, or the folder of images that was opened in the studio',
    });
  }
  const { file } = projectPlace(projectsFolder, await findImageFolder(await realpath(path)));
  if (await stat(file).catch(() => null)) return file;
  throw new ProblemError({
    code: 'project.missing',
    subject: path,
    title: 'this folder has no project yet',
    hint: 'Open it in the studio and correct a mask first',
  });
}
