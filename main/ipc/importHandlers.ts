import type { EventOf } from '#core/ipc/contract.ts';
import { importTargetOf, prepareImport, runImport, type PreparedImport } from '../node/importRunner.ts';
import { ALONE } from '../node/serialQueue.ts';
import type { Studio } from '../studio.ts';
import type { GroupHandlers, ParsedRequest } from './calls.ts';
import type { Choose } from './chooseFolder.ts';
import { SingleWork } from './singleWork.ts';

/** One import at a time; `tell` hears how far it is. */
export function importHandlers(
  studio: Studio,
  choose: Choose,
  tell: (progress: EventOf<'import.progress'>) => void,
): GroupHandlers<'import'> {
  const work = new SingleWork({
    code: 'import.busy',
    title: 'an import is running',
    hint: 'Wait for its end or cancel it',
  });
  const prepare = (
    { projectId, path, choices }: ParsedRequest<'import.survey'>,
    signal: AbortSignal,
  ): Promise<PreparedImport> => {
    const { store, classTable } = studio.projectOf(projectId);
    const request = { path, choices: new Map(Object.entries(choices)) };
    return prepareImport({ images: store.images(), classTable }, request, { signal, onProgress: tell });
  };
  return {
    'import.choose': ({ kind }) =>
      choose({
        title: kind === 'folder' ? 'Import masks from a folder' : 'Import an annotation file',
        button: 'Import',
        file: kind === 'file',
      }),
    'import.survey': (request) =>
      work.runOrNull(async (signal) => {
        const { found, survey } = await prepare(request, signal);
        const { id, title } = found.format;
        return { format: { id, title, evidence: found.evidence }, ...survey };
      }),
    'import.run': (request) =>
      work.runOrNull(async (signal) => {
        const prepared = await prepare(request, signal);
        const target = importTargetOf(studio.projectOf(request.projectId));
        const { imageIds } = await studio.queue.run(
          () => runImport(target, prepared, request.as, { signal, onProgress: tell }),
          ALONE,
        );
        return { imageIds, project: studio.summary() };
      }),
    'import.cancel': () => work.cancel(),
  };
}
