import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pairClasses } from '#core/formats/classPairs.ts';
import type { RanModel, RetrainOptions } from '#core/formats/retrainOptions.ts';
import type { InputSizing } from '#core/inference/runSettings.ts';
import { nameKey, type ClassTable } from '#core/labels/classTable.ts';
import { translateIds } from '#core/labels/translateIds.ts';
import type { ModelInfo } from '#core/models/modelInfo.ts';
import { decodeImageFile } from '../../main/node/decodeImage.ts';
import { resolveModel } from '../../main/node/modelCatalog.ts';
import type { OpenedProject } from '../../main/node/projectExport.ts';
import { createWeigher, type IdsOfModel } from '../../main/node/retrainWeigher.ts';
import type { Weigher } from '../../main/node/exportRunner.ts';
import { defaultModel } from '../defaultModel.ts';
import { say } from '../console.ts';
import { NodeSession } from '../inference/nodeSession.ts';
import { catalogFile } from '../repositoryFiles.ts';

export interface RetrainArguments {
  /** Ids of the catalogue, or paths of model folders. Default: the catalogue's first of each role. */
  readonly teacher?: string;
  readonly student?: string;
  /** Keep ratio of the student, 0 to 1. */
  readonly keep?: number;
  readonly sizing: InputSizing;
  readonly optimise: boolean;
  readonly threads?: number;
  /** Pixels. */
  readonly smallestDispute: number;
  readonly correctedWeight: number;
}

/**
 * Weighs the masks of a project by the disputes of two models. What the models say of a picture is taken from the
 * project where an evaluation left it; else they are run. `close` when all masks are weighed.
 * Throws what resolveModel throws, and `classes.map` for a choice that neither model has a class for.
 */
export async function openWeigher(
  { store, source }: OpenedProject,
  choices: ReadonlyMap<string, string>,
  options: RetrainArguments,
): Promise<{ weigher: Weigher; close: () => Promise<void> }> {
  const { classTable, imageFolder } = source;
  const models = {
    teacher: await resolveModel(options.teacher ?? (await defaultModel('teacher')), catalogFile),
    student: await resolveModel(options.student ?? (await defaultModel('student')), catalogFile),
  };
  const strange = [...choices].find(
    ([from]) => !Object.values(models).some((model) => hasClass(model, from)),
  );
  // Throws, and names the classes that there are.
  if (strange) pairClasses(models.teacher.classTable, classTable, new Map([strange]));
  const { sizing, optimise, threads, keep = null } = options;
  const ran = (model: ModelInfo, keepRatio: number | null): RanModel => {
    const map = Object.fromEntries(choicesOf(model, classTable, choices));
    sayUnmatched(model, classTable, map);
    return { id: model.id, sha256: model.sha256, keepRatio, sizing, optimise, map };
  };
  const retrain: RetrainOptions = {
    teacher: ran(models.teacher, null),
    student: ran(models.student, keep),
    smallestDispute: options.smallestDispute,
    correctedWeight: options.correctedWeight,
  };
  const sessions = new Map<RanModel, Promise<NodeSession>>();
  const idsOf: IdsOfModel = async (model, { name, sha256 }) => {
    const info = model === retrain.teacher ? models.teacher : models.student;
    const stored = store.modelMaps.find(model, sha256);
    if (stored) return translateIds(stored, info.classTable, classTable, model.map);
    let session = sessions.get(model);
    session ??= NodeSession.create(info, { threads, sizing, optimise, keepRatio: model.keepRatio });
    sessions.set(model, session);
    const image = await decodeImageFile(await readFile(join(imageFolder, name)), name);
    const { classMap } = await (await session).segment(image);
    return translateIds(classMap.ids, info.classTable, classTable, model.map);
  };
  return {
    weigher: createWeigher(store, {
      classTable,
      idsOf,
      options: retrain,
      keepRatio: keep ?? models.student.card?.keepRatio ?? null,
    }),
    close: async () => {
      for (const session of sessions.values()) await (await session).release();
    },
  };
}

const hasClass = ({ classTable }: ModelInfo, name: string): boolean =>
  classTable.classes.some((entry) => nameKey(entry.name) === nameKey(name));

/** The choices of classes that this model has; one that it does not have may be the other model's. */
function choicesOf(
  model: ModelInfo,
  classTable: ClassTable,
  choices: ReadonlyMap<string, string>,
): Map<string, string> {
  const chosen = new Map([...choices].filter(([from]) => hasClass(model, from)));
  pairClasses(model.classTable, classTable, chosen);
  return chosen;
}

function sayUnmatched(model: ModelInfo, classTable: ClassTable, map: Record<string, string>): void {
  const pairs = pairClasses(model.classTable, classTable, new Map(Object.entries(map)));
  const unknown = pairs.filter(({ how }) => how === 'unknown').map(({ name }) => name);
  if (unknown.length === 0) return;
  say(
    `${model.id}: ${unknown.join(', ')} ${unknown.length === 1 ? 'is' : 'are'} ignored: the project has no such class (--map "${unknown[0]}=...")`,
  );
}
