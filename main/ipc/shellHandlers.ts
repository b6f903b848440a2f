import { stat } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { ProblemError } from '#core/problem.ts';
import type { GroupHandlers } from './calls.ts';

/** `show` opens the file manager on a path; it starts nothing. */
export function shellHandlers(show: (path: string) => void): GroupHandlers<'shell'> {
  return {
    'shell.showInFolder': async ({ path }) => {
      const there = isAbsolute(path) && (await stat(path).catch(() => null)) !== null;
      if (!there)
        throw new ProblemError({ code: 'shell.noSuchFile', title: 'it does not exist', subject: path });
      show(path);
      return null;
    },
  };
}
