import type { RetrainOptions } from '#core/formats/retrainOptions.ts';
import type { EventOf } from '#core/ipc/contract.ts';
import { translateIds } from '#core/labels/translateIds.ts';
import { ProblemError } from '#core/problem.ts';
import { runExport, type Weigher } from '../node/exportRunner.ts';
import { createWeigher, type IdsOfModel } from '../node/retrainWeigher.ts';
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
    'export.run': ({ folder, format, split, map, retrain }) =>
      work.run((signal) =>
        runExport(studio.project.exportSource(), {
          folder,
          format,
          split,
          map: new Map(Object.entries(map)),
          weigher: retrain && weigherOf(studio, retrain),
          signal,
          onProgress: tell,
        }),
      ),
    'export.cancel': () => work.cancel(),
  };
}

/** Weighs by what the window's models said before: see retrainCalls. */
function weigherOf(studio: Studio, options: RetrainOptions): Weigher {
  const { store, classTable } = studio.project;
  const idsOf: IdsOfModel = (model, { name, sha256 }) => {
    const info = studio.findModel(model.id);
    const stored = info && store.modelMaps.find(model, sha256);
    if (!stored) throw notLooked(name, model.id);
    return Promise.resolve(translateIds(stored, info.classTable, classTable, model.map));
  };
  const { student } = options;
  const keepRatio = student.keepRatio ?? studio.findModel(student.id)?.card?.keepRatio ?? null;
  return createWeigher(store, { classTable, idsOf, options, keepRatio });
}

function notLooked(image: string, model: string): ProblemError {
  return new ProblemError({
    code: 'retrain.unknown',
    title: `what ${model} says of it is not known`,
    subject: image,
    detail: 'Without its disputes nobody knows what to ignore: it is left out',
  });
}
