import { resolve } from 'node:path';

/**
 * The folder that the studio was started with, absolute, or null.
 * `argv`: the process's own. `defaultApp`: started as `electron APP [DIR]`, not as a package.
 */
export function folderArgument(argv: readonly string[], defaultApp: boolean): string | null {
  const given = argv.slice(1).filter((argument) => !argument.startsWith('-'));
  const folder = given[defaultApp ? 1 : 0];
  return folder === undefined ? null : resolve(folder);
}
