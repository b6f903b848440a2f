import { createHash } from 'node:crypto';
import { basename, dirname, join } from 'node:path';

export interface ProjectPlace {
  /** 16 hexadecimal digits. */
  readonly id: string;
  readonly name: string;
  /** Absolute path of the project file. */
  readonly file: string;
}

/** A folder's own name; with its parent's where it is just called `images`. */
function projectName(imageFolder: string): string {
  const own = basename(imageFolder);
  return own.toLowerCase() === 'images' ? basename(dirname(imageFolder)) || own : own || 'images';
}

/**
 * Where the project of an image folder (its real path) lies. The user's folders are read, never written, so it
 * is in the studio's own data, found by the folder's path.
 */
export function projectPlace(projectsFolder: string, imageFolder: string): ProjectPlace {
  const id = createHash('sha256').update(imageFolder).digest('hex').slice(0, 16);
  const name = projectName(imageFolder);
  return { id, name, file: join(projectsFolder, id, `${name}.dynaseg`) };
}
