import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { encodeIndexedPng } from '#core/formats/indexedPng.ts';
import { vocColour } from '#core/labels/vocColour.ts';
import { findProjectFile } from '../../main/node/findProjectFile.ts';
import { ProjectStore } from '../../main/node/projectStore.ts';
import { projectsFolder } from '../../main/node/userDataFolder.ts';
import { writeScenes } from './scenes.ts';
import { importMasks, type ImportMasksOptions } from './import.ts';

let folder: string;
let images: string;
let printed: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dynaseg-import-'));
  vi.stubEnv('DYNASEG_USER_DATA', join(folder, 'user'));
  await writeScenes({
    out: join(folder, 'scenes'),
    count: 1,
    seed: 88_101,
    width: 64,
    height: 48,
    format: 'png',
  });
  images = join(folder, 'own');
  await cp(join(folder, 'scenes', 'images'), images, { recursive: true });
  printed = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockImplementation(() => true);
});

afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

const run = (more: Partial<ImportMasksOptions> = {}) =>
  importMasks({
    source: join(folder, 'scenes'),
    images,
    as: 'mask',
    map: [],
    dryRun: false,
    json: true,
    ...more,
  });

test('a dry run names the format and the classes, and makes no project', async () => {
  expect(await run({ dryRun: true })).toBe(0);
  expect(JSON.parse(printed)).toMatchObject({
    format: 'png',
    dryRun: true,
    masks: 1,
    usable: 1,
    imported: 0,
  });
  await expect(findProjectFile(images, projectsFolder())).rejects.toThrow('this folder has no project yet');
});

test('masks come into a new project, in their own classes', async () => {
  expect(await run()).toBe(0);
  expect(JSON.parse(printed)).toMatchObject({ imported: 1, truthFolder: null });
  const store = ProjectStore.open(await findProjectFile(images, projectsFolder()), { readOnly: true });
  expect(store.meta().classTable?.classes.map(({ name }) => name)).toContain('Pavement');
  expect(store.masksForExport()).toMatchObject([{ origin: { kind: 'import' } }]);
  store.close();
});

test('classes that the project does not have are named, and mapped by --map', async () => {
  await run();
  const masks = join(folder, 'other');
  await cp(join(folder, 'scenes', 'masks'), join(masks, 'masks'), { recursive: true });
  const name = 'scene_88101.png';
  const ids = new Uint8Array(64 * 48).fill(1);
  await writeFile(
    join(masks, 'masks', name),
    encodeIndexedPng({ width: 64, height: 48, ids }, { palette: vocColour }),
  );
  await writeFile(join(masks, 'classes.json'), '{"classes": ["Sky", "Igloo"]}');
  const project = { images: undefined, project: images, source: masks };
  await expect(run(project)).rejects.toThrow('the project has no class Igloo');
  expect(await run({ ...project, map: ['Igloo=Building'], as: 'truth' })).toBe(0);
  expect(printed).toContain('"becomes": "Building"');
});

test('a project or a folder of images, not both', async () => {
  await expect(run({ images: undefined })).rejects.toThrow('neither --project nor --images is given');
  await expect(run({ project: images })).rejects.toThrow('both --project and --images are given');
});
