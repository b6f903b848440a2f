import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RanModel, RetrainOptions } from '#core/formats/retrainOptions.ts';
import type { InputSizing } from '#core/inference/runSettings.ts';
import { translateIds } from '#core/labels/translateIds.ts';
import { decodeImageFile } from '../../main/node/decodeImage.ts';
import { resolveModel } from '../../main/node/modelCatalog.ts';
import type { OpenedProject } from '../../main/node/projectExport.ts';
import { createWeigher, type IdsOfModel } from '../../main/node/retrainWeigher.ts';
import type { Weigher } from '../../main/node/exportRunner.ts';
import { classesIn, sayIgnored, type ModelClasses } from '../classChoices.ts';
import { defaultModel } from '../defaultModel.ts';
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
 * Throws what resolveModel and classesIn throw.
 */
export async function openWeigher(
  { store, source }: OpenedProject,
  choices: readonly string[],
  options: RetrainArguments,
): Promise<{ weigher: Weigher; close: () => Promise<void> }> {
  const { classTable, imageFolder } = source;
  const models = {
    teacher: await resolveModel(options.teacher ?? (await defaultModel('teacher')), catalogFile),
    student: await resolveModel(options.student ?? (await defaultModel('student')), catalogFile),
  };
  const both = [models.teacher, models.student] as const;
  const [teacher, student] = classesIn(classTable, both, { map: choices, others: 'ignored' });
  const { sizing, optimise, threads, keep = null } = options;
  const ran = (classes: ModelClasses, keepRatio: number | null): RanModel => {
    sayIgnored(classes);
    const { id, sha256 } = classes.model;
    return { id, sha256, keepRatio, sizing, optimise, map: { ...classes.map } };
  };
  const retrain: RetrainOptions = {
    teacher: ran(teacher, null),
    student: ran(student, keep),
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
