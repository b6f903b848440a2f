import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { encode } from 'fast-png';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { evaluationPlanSchema } from '#core/evaluation/evaluationPlan.ts';
import { encodePatch, patchBetween } from '#core/mask/patch.ts';
import { listImageFolder } from './node/imageFolder.ts';
import { readModelFolder } from './node/modelFolder.ts';
import { OptimisedModels } from './node/optimisedModels.ts';
import { temporaryFolder, type TemporaryFolder } from './node/testing/temporaryFolder.ts';
import { writeModelFolder } from './node/testing/modelFolder.ts';
import { Studio } from './studio.ts';

let folder: TemporaryFolder;
let studio: Studio;

async function start(): Promise<void> {
  const at = (name: string) => join(folder.path, name);
  const optimise = () => Promise.resolve({ optimised: true, bytes: new Uint8Array(9) } as const);
  studio = new Studio(
    {
      catalog: at('catalog.json'),
      samples: at('images'),
      settings: at('settings.json'),
      recent: at('recent.json'),
      addedModels: at('models.json'),
      downloads: at('models'),
      modelAnswers: at('answers.json'),
      hashes: at('hashes.json'),
      projects: at('projects'),
    },
    null,
    new OptimisedModels(at('optimised'), optimise),
    (path) => listImageFolder(path),
  );
  await studio.start();
}

beforeEach(async () => {
  folder = await temporaryFolder();
  await folder.write('catalog.json', JSON.stringify({ models: [] }));
  const data = new Uint8Array(12);
  await folder.write('images/a.png', encode({ width: 4, height: 1, data, channels: 3 }));
  await start();
});
afterEach(async () => {
  studio.close();
  await folder[Symbol.asyncDispose]();
});

const ids = () => studio.modelList().map(({ id }) => id);

test('a downloaded model that is removed is gone from the disk and at the next start; what was made with it is there', async () => {
  const path = await writeModelFolder(folder, 'models/acme--streets@01234567');
  const model = await studio.addModel(path);
  await studio.modelFile(model.id, 'wasm');
  expect(await readdir(join(folder.path, 'optimised'))).toHaveLength(2);
  const { store } = studio.project;
  const map = (value: number) => ({ width: 4, height: 1, ids: new Uint8Array(4).fill(value) });
  store.commitStep({
    imageId: 1,
    width: 4,
    height: 1,
    label: 'start',
    patch: encodePatch(patchBetween(map(255), map(1))!).slice(),
    origin: { kind: 'student', modelId: model.id, modelSha256: model.sha256 },
  });
  const { id: modelId, name, sha256 } = model;
  const contestants = [{ modelId, name, sha256, role: 'student', keepRatio: null }];
  store.evaluations.createRun('E', evaluationPlanSchema.parse({ contestants, settings: {} }));

  expect((await studio.ownFiles(model.id))?.paths).toEqual([path]);
  await studio.removeModel(model.id);
  expect(ids()).toEqual([]);
  expect(existsSync(path)).toBe(false);
  expect(await readdir(join(folder.path, 'optimised'))).toEqual([]);

  studio.close();
  await start();
  expect(ids()).toEqual([]);
  const again = studio.project.store;
  expect(again.openMask(1)).toMatchObject({ origin: { modelId: model.id } });
  expect(again.evaluations.runs().map(({ plan }) => plan.contestants[0]?.name)).toEqual([name]);
});

test('the folder of a user stays, and can be added again', async () => {
  const path = await writeModelFolder(folder, 'mine/streets');
  const model = await studio.addModel(path);
  expect(await studio.ownFiles(model.id)).toBeNull();
  await studio.removeModel(model.id);
  expect(ids()).toEqual([]);
  expect((await studio.addModel(path)).id).toBe(model.id);
});

test('a model that comes with the studio cannot be removed, nor one that is not there', async () => {
  const path = await writeModelFolder(folder, 'ours');
  const { sha256, bytes } = await readModelFolder(path);
  const entry = { id: 'ours', path: 'ours', role: 'teacher', name: 'Ours', classes: ['Sky', 'Road'] };
  const models = [{ ...entry, keepRatio: 1, sha256, bytes }];
  await folder.write('catalog.json', JSON.stringify({ models }));
  studio.close();
  await start();
  expect(ids()).toEqual(['ours']);
  for (const id of ['ours', 'none']) {
    await expect(studio.removeModel(id)).rejects.toThrow(`${id}: no such model was added`);
  }
  expect(existsSync(path)).toBe(true);
});
