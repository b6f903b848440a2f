import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodeMaskPng, encodeIndexedPng } from '#core/formats/indexedPng.ts';
import { FORMATS } from '#core/formats/formatRegistry.ts';
import { createClassTable } from '#core/labels/classTable.ts';
import { vocColour } from '#core/labels/vocColour.ts';
import type { ClassMap } from '#core/mask/classMap.ts';
import { runExport } from './exportRunner.ts';
import { prepareImport, runImport, type ImportTarget } from './importRunner.ts';
import { exportSourceOf } from './projectExport.ts';
import { ProjectStore } from './projectStore.ts';
import { pngBytes } from './testing/imageBytes.ts';
import { TruthFolder } from './truthFolder.ts';
import { temporaryFolder, type TemporaryFolder } from './testing/temporaryFolder.ts';

const table = createClassTable(['Sky', 'Road', 'Car']);
const NAMES = ['bonn/1.png', 'aachen/1.png', 'c.png'];
const MASKS: Readonly<Record<string, number[]>> = {
  'bonn/1.png': [0, 1, 255, 2, 2, 2],
  'aachen/1.png': [1, 1, 1, 1, 1, 1],
  'c.png': [255, 0, 0, 2, 1, 255],
};
const size = { width: 3, height: 2 };
const png = (ids: number[], width = 3) =>
  encodeIndexedPng({ width, height: ids.length / width, ids: Uint8Array.from(ids) }, { palette: vocColour });

interface Opened extends AsyncDisposable {
  readonly target: ImportTarget;
  readonly store: ProjectStore;
  truth: string | null;
}

async function openProject(folder: TemporaryFolder, name: string): Promise<Opened> {
  const projectFile = join(folder.path, name, 'p.dynaseg');
  for (const image of NAMES) await folder.write(`images/${image}`, pngBytes(size.width, size.height));
  const store = ProjectStore.open(projectFile);
  store.syncImages({
    images: NAMES.map((image) => ({ name: image, bytes: 1, mtimeMs: 1, ...size, problem: null })),
  });
  store.saveMeta({ folder: join(folder.path, 'images'), classTable: table });
  const opened: Opened = {
    store,
    truth: null,
    target: {
      store,
      classTable: table,
      projectFile,
      applyPatches: (step) => store.applyPatches(step),
      chooseTruth: (chosen) => {
        opened.truth = chosen;
        return Promise.resolve();
      },
    },
    [Symbol.asyncDispose]: () => {
      store.close();
      return Promise.resolve();
    },
  };
  return opened;
}

const prepare = ({ store }: Opened, path: string, choices: [string, string][] = []) =>
  prepareImport({ images: store.images(), classTable: table }, { path, choices: new Map(choices) });

const idsOf = ({ store }: Opened, name: string): number[] | null => {
  const image = store.images().find((one) => one.name === name)!;
  const mask = store.openMask(image.id);
  return mask && mask.history.cursor > 0 ? [...mask.ids] : null;
};

async function writePngs(folder: TemporaryFolder): Promise<string> {
  await folder.write('given/classes.json', '{"classes": ["Sky", "Road", "Car"], "void": 255}');
  for (const [name, ids] of Object.entries(MASKS)) await folder.write(`given/masks/${name}`, png(ids));
  return join(folder.path, 'given');
}

describe('runImport', () => {
  it('stores masks to fix as one step, which undo takes back on all images', async () => {
    await using folder = await temporaryFolder();
    await using project = await openProject(folder, 'project');
    const prepared = await prepare(project, await writePngs(folder));
    expect([prepared.found.format.id, prepared.survey.usable, prepared.survey.problems]).toEqual([
      'png',
      3,
      [],
    ]);
    const { imageIds } = await runImport(project.target, prepared, 'mask');
    expect(imageIds).toHaveLength(3);
    for (const name of NAMES) expect(idsOf(project, name)).toEqual(MASKS[name]);
    const mask = project.store.openMask(imageIds[0]!)!;
    expect([mask.origin?.kind, mask.history.undoLabel]).toEqual(['import', 'Import Indexed PNG']);
    const undone = project.store.undo(imageIds[0]!);
    expect(undone?.group?.masks).toHaveLength(3);
    expect(NAMES.map((name) => idsOf(project, name))).toEqual([null, null, null]);
  });

  it('stores ground truth beside the project, whole, in the classes of the project', async () => {
    await using folder = await temporaryFolder();
    await using project = await openProject(folder, 'project');
    const prepared = await prepare(project, await writePngs(folder));
    await runImport(project.target, prepared, 'truth');
    const { truthFolder } = await runImport(project.target, prepared, 'truth');
    expect(truthFolder).toBe(join(folder.path, 'project/truth-2'));
    const folders = await readdir(join(folder.path, 'project'));
    expect(folders.filter((name) => name.startsWith('truth'))).toEqual(['truth-2']);
    expect(project.truth).toBe(truthFolder);
    const bytes = await readFile(join(truthFolder!, 'bonn/1.png'));
    expect([...decodeMaskPng(bytes, 'mask').ids]).toEqual(MASKS['bonn/1.png']);
    expect(JSON.parse(await readFile(join(truthFolder!, 'classes.json'), 'utf8'))).toMatchObject({
      void: 255,
    });
    expect(idsOf(project, 'c.png')).toBeNull();
  });

  it('stores ground truth of two images of one stem apart', async () => {
    await using folder = await temporaryFolder();
    const masks: Readonly<Record<string, number[]>> = { 'a.png': [0, 1, 2], 'a.bmp': [2, 2, 0] };
    const images = Object.keys(masks).map((name, n) => ({ id: n + 1, name, width: 3, height: 1 }));
    await folder.write('given/classes.json', '{"classes": ["Sky", "Road", "Car"]}');
    for (const [name, ids] of Object.entries(masks)) await folder.write(`given/${name}.png`, png(ids));
    await using project = await openProject(folder, 'project');
    const request = { path: join(folder.path, 'given'), choices: new Map<string, string>() };
    const prepared = await prepareImport({ images, classTable: table }, request);
    const { truthFolder } = await runImport(project.target, prepared, 'truth');
    const truth = await TruthFolder.open(truthFolder!);
    const read = await Promise.all(images.map((image) => truth.read(image, table)));
    expect(read.map((mask) => [...mask!.ids])).toEqual(Object.values(masks));
  });

  it('stores nothing where a class has no name in the project, or no mask fits', async () => {
    await using folder = await temporaryFolder();
    await using project = await openProject(folder, 'project');
    await folder.write('other/classes.json', '{"classes": ["Sky", "Igloo"]}');
    await folder.write('other/c.png', png([0, 1, 0, 0, 0, 0]));
    const prepared = await prepare(project, join(folder.path, 'other'));
    await expect(runImport(project.target, prepared, 'mask')).rejects.toThrow(
      'the project has no class Igloo',
    );
    const chosen = await prepare(project, join(folder.path, 'other'), [['Igloo', 'Car']]);
    await runImport(project.target, chosen, 'mask');
    expect(idsOf(project, 'c.png')).toEqual([0, 2, 0, 0, 0, 0]);

    await folder.write('small/classes.json', '{"classes": ["Sky"]}');
    await folder.write('small/c.png', png([0, 0], 2));
    const small = await prepare(project, join(folder.path, 'small'));
    await expect(runImport(project.target, small, 'truth')).rejects.toThrow(
      'none of its 1 masks fits an image of this project',
    );
  });
});

describe.each(FORMATS.map(({ id }) => [id] as const))('as %s', (format) => {
  it('export, import and compare: no pixel has changed', async () => {
    await using folder = await temporaryFolder();
    await using first = await openProject(folder, 'first');
    await runImport(first.target, await prepare(first, await writePngs(folder)), 'mask');
    const out = join(folder.path, 'out');
    const source = exportSourceOf(first.store, { projectName: 'street', classTable: table });
    await runExport(source, { folder: out, format, split: { by: 'random', valShare: 0.34, seed: 2 } });

    await using second = await openProject(folder, 'second');
    const prepared = await prepare(second, out);
    expect([prepared.found.format.id, prepared.survey.usable]).toEqual([format, 3]);
    await runImport(second.target, prepared, 'mask');
    const changed = (name: string) => {
      const map: ClassMap = { ...size, ids: Uint8Array.from(idsOf(second, name) ?? []) };
      return map.ids.filter((id, pixel) => id !== MASKS[name]![pixel]).length + 6 - map.ids.length;
    };
    expect(NAMES.map(changed)).toEqual([0, 0, 0]);
  });
});
