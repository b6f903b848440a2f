import type { EventOf } from '#core/ipc/contract.ts';
import { runExport } from '../node/exportRunner.ts';
import type { Studio } from '../studio.ts';
import type { GroupHandlers } from './calls.ts';
import type { Choose } from './chooseFolder.ts';
import { SingleWork } from './singleWork.ts';

/** One export at a time; `tell` hears how far it is. */
export function exportHandlers(
  studio: Studio,
  choose: Choose,
  tell: (progress: EventOf<'export.progress'>) => void,
): GroupHandlers<'export'> {
  const work = new SingleWork({
    code: 'export.busy',
    title: 'an export is running',
    hint: 'Wait for its end or cancel it',
  });
  return {
    'export.choose': () =>
      choose({ title: 'Export masks into a folder', button: 'Export here', create: true }),
    'export.run': ({ folder, format, split, map }) =>
      work.run((signal) =>
        runExport(studio.project.exportSource(), {
          folder,
          format,
          split,
          map: new Map(Object.entries(map)),
          signal,
          onProgress: tell,
        }),
      ),
    'export.cancel': () => work.cancel(),
  };
}
