import type { EventOf } from '#core/ipc/contract.ts';
import { ProblemError } from '#core/problem.ts';
import { runExport } from '../node/exportRunner.ts';
import type { Studio } from '../studio.ts';
import type { GroupHandlers } from './calls.ts';
import type { Choose } from './chooseFolder.ts';

/** One export at a time; `tell` hears how far it is. */
export function exportHandlers(
  studio: Studio,
  choose: Choose,
  tell: (progress: EventOf<'export.progress'>) => void,
): GroupHandlers<'export'> {
  let running: AbortController | null = null;
  return {
    'export.choose': () =>
      choose({ title: 'Export masks into a folder', button: 'Export here', create: true }),
    'export.run': async ({ folder, format, split, map }) => {
      if (running)
        throw new ProblemError({
          code: 'export.busy',
          title: 'an export is running',
          hint: 'Wait for its end or cancel it',
        });
      running = new AbortController();
      try {
        return await runExport(studio.project.exportSource(), {
          folder,
          format,
          split,
          map: new Map(Object.entries(map)),
          signal: running.signal,
          onProgress: tell,
        });
      } finally {
        running = null;
      }
    },
    'export.cancel': () => {
      running?.abort();
      return null;
    },
  };
}
