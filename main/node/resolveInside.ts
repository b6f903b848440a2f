import { realpath } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';

/** True where `path` is `folder` or lies below it. Both absolute and free of links. */
export function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

/**
 * The real path of `name` below `folder`, or null where it does not exist or a `..` or a symbolic link leads
 * out of the folder.
 */
export async function resolveInside(folder: string, name: string): Promise<string | null> {
  try {
    const [root, path] = await Promise.all([realpath(folder), realpath(join(folder, name))]);
    return isInside(root, path) ? path : null;
  } catch {
    return null;
  }
}
