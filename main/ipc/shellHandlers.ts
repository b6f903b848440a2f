import { stat } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { ProblemError } from '#core/problem.ts';
import type { GroupHandlers } from './calls.ts';

/** `\\server\share`, and what stands before a device on Windows: asking for it would already call that server. */
const NETWORK_PATH = /^[\\/]{2}/;

/** `show` opens the file manager on a path, handed over as it is; it starts nothing. */
export function shellHandlers(show: (path: string) => void): GroupHandlers<'shell'> {
  return {
    'shell.showInFolder': async ({ path }) => {
      if (NETWORK_PATH.test(path)) {
        throw new ProblemError({
          code: 'shell.network',
          title: 'a network path is not shown from here',
          subject: path,
          hint: 'Open it in the file manager',
        });
      }
      const there = isAbsolute(path) && (await stat(path).catch(() => null)) !== null;
      if (!there)
        throw new ProblemError({ code: 'shell.noSuchFile', title: 'it does not exist', subject: path });
      show(path);
      return null;
    },
  };
}
