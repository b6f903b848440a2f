import { mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { decodeMaskPng } from '#core/formats/indexedPng.ts';
import { imagePoint } from '#core/geometry.ts';
import { classId, createClassTable } from '#core/labels/classTable.ts';
import { paintStroke } from '#core/mask/brush.ts';
import { MaskRaster } from '#core/mask/maskRaster.ts';
import { applyMorphology } from '#core/mask/morphology.ts';
import { encodePatch, patchBetween, type MaskPatch } from '#core/mask/patch.ts';
import { runExport } from '../main/node/exportRunner.ts';
import { listImageFolder } from '../main/node/imageFolder.ts';
import { Project } from '../main/node/project.ts';
import { ProjectStore } from '../main/node/projectStore.ts';
import { pngBytes } from '../main/node/testing/imageBytes.ts';
import { expectStored, goToAnnotate } from './annotatePlace.ts';
import { exportMasks } from './exportMasks.ts';
import { PaintedMask } from './paintedMask.ts';
import { projectFileOf } from './projectOnDisk.ts';
import { copyScenes } from './sampleFiles.ts';
import { removeScratch } from './scratchFolder.ts';
import { launchStudio, stageGeometry, type RunningStudio } from './studio.ts';

/*
 * What users of other editors lose hair over, by the issue in which they say so. A test that needs no window drives
 * what the window drives: core/mask, and the main process's own code with real files.
 */

const IGNORE = classId(255);
const ROAD = 3;
const TREE = 5;
const CAR = 8;
const FENCE = 7;

let scratch: string;
let studio: RunningStudio | null = null;

test.beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'dynaseg-peers-'));
});

test.afterEach(async () => {
  await studio?.kill();
  studio = null;
  await removeScratch(scratch);
});

/** Two images with exact masks, in the studio's Annotate. */
async function openScenes(): Promise<Page> {
  await copyScenes(scratch, ['scene_00001', 'scene_00002']);
  return openStudio();
}

async function openStudio(): Promise<Page> {
  studio = await launchStudio({ folder: join(scratch, 'images'), userData: join(scratch, 'user') });
  await goToAnnotate(studio.page);
  return studio.page;
}

/** A store with images of one size, in `file`. */
function openStore(width: number, height: number, count = 1): ProjectStore {
  const store = ProjectStore.open(join(scratch, 'street.dynaseg'));
  const image = (index: number) => ({
    name: `${index}.png`,
    bytes: 1,
    mtimeMs: 1,
    width,
    height,
    problem: null,
  });
  store.syncImages({ images: Array.from({ length: count }, (_, index) => image(index)) });
  return store;
}

function commit(store: ProjectStore, patch: MaskPatch, imageId = 1): void {
  const { width, height } = patch;
  const step = { imageId, width, height, label: 'Brush', patch: encodePatch(patch).slice(), origin: null };
  store.commitStep(step, { sync: false });
}

function stroke(
  raster: MaskRaster,
  [x0, y0]: readonly [number, number],
  [x1, y1]: readonly [number, number],
  size: number,
  id: number,
): MaskPatch {
  raster.beginStep();
  paintStroke(raster, imagePoint(x0, y0), imagePoint(x1, y1), {
    radius: size / 2,
    shape: 'round',
    id: classId(id),
  });
  const patch = raster.endStep();
  if (!patch) throw new Error('a stroke of this test changes no pixel');
  return patch;
}

test('in the window: undo works after autosave (labelme 620), an existing mask is refined (CVAT 6131), a stroke is one class per pixel (Label Studio 1464), the export is what was on the screen (CVAT 6274) at any zoom (Label Studio 909), and a crash loses nothing (CVAT 10066)', async () => {
  test.setTimeout(300_000);
  let page = await openScenes();

  await test.step('refine an existing mask (CVAT 6131)', async () => {
    await page.getByTestId('start-truth').click();
    await expectStored(page, '1 of 1');
  });
  const truth = decodeMaskPng(await readFile(join(scratch, 'masks', 'scene_00001.png')), 'truth');
  let mask = new PaintedMask(page, truth);

  await test.step('one class per pixel: what is painted last is what is there (Label Studio 1464)', async () => {
    await mask.stroke(
      [
        [100, 100],
        [400, 100],
      ],
      { size: 40, shape: 'round', id: ROAD },
    );
    await mask.stroke(
      [
        [250, 50],
        [250, 300],
      ],
      { size: 30, shape: 'square', id: CAR },
    );
    await expectStored(page, '3 of 3');
    const stage = await stageGeometry(page, 'stage-mask');
    for (const [x, y, name] of [
      [150, 100, 'Road'],
      [250, 100, 'Car'],
    ] as const) {
      const at = stage.toPage(x, y);
      await page.mouse.move(at.x, at.y);
      await expect(page.getByTestId('status-mask')).toContainText(name);
    }
  });

  await test.step('undo works after autosave (labelme 620), another image, and reopening', async () => {
    await page.keyboard.press('d');
    await expect(page.getByTestId('start-panel')).toBeVisible();
    await page.keyboard.press('a');
    await expectStored(page, '3 of 3');
    await mask.undo();
    await expectStored(page, '2 of 3');
    await mask.redo();
    await expectStored(page, '3 of 3');
  });

  await test.step('a crash loses nothing (CVAT 10066)', async () => {
    await mask.stroke(
      [
        [600, 400],
        [800, 500],
      ],
      { size: 25, shape: 'round', id: TREE },
    );
    await mask.beginStroke(
      [
        [100, 600],
        [300, 600],
      ],
      { size: 25, shape: 'round', id: CAR },
    );
    await studio!.kill();
    page = await openStudio();
    await expectStored(page, '4 of 4');
    mask = PaintedMask.goOn(page, mask);
  });

  await test.step('painted zoomed in, it is not distorted (Label Studio 909)', async () => {
    const fitted = await stageGeometry(page, 'stage-mask');
    const eye = fitted.toPage(500, 350);
    await page.mouse.move(eye.x, eye.y);
    for (let turn = 0; turn < 4; turn++) await page.mouse.wheel(0, -300);
    await expect.poll(async () => (await stageGeometry(page, 'stage-mask')).scale).toBeGreaterThan(4);
    await mask.stroke(
      [
        [498, 348],
        [506, 353],
      ],
      { size: 4, shape: 'square', id: FENCE },
    );
    await expectStored(page, '5 of 5');
    await page.keyboard.press('f');
  });

  await test.step('the export is what was on the screen, pixel for pixel (CVAT 6274)', async () => {
    await exportMasks(studio!, join(scratch, 'out'));
    const exported = decodeMaskPng(await readFile(join(scratch, 'out', 'masks', 'scene_00001.png')), 'out');
    expect(Buffer.from(exported.ids).equals(Buffer.from(mask.raster.ids))).toBe(true);
    const store = ProjectStore.open(await projectFileOf(join(scratch, 'user'), join(scratch, 'images')), {
      readOnly: true,
    });
    expect(Buffer.from(store.openMask(1)!.ids).equals(Buffer.from(exported.ids))).toBe(true);
    store.close();
  });
});

test('roads never bury cars (X-AnyLabeling 1431): a locked class is not painted over', () => {
  const raster = new MaskRaster({ width: 200, height: 100, ignoreId: IGNORE });
  stroke(raster, [50, 50], [60, 50], 20, CAR);
  const cars = raster.ids.map((id) => (id === CAR ? 1 : 0));
  const writable = new Uint8Array(65536).fill(1);
  writable[CAR] = 0;
  raster.setWritable(writable);
  raster.beginStep();
  paintStroke(raster, imagePoint(0, 50), imagePoint(200, 50), {
    radius: 30,
    shape: 'round',
    id: classId(ROAD),
  });
  raster.endStep();
  expect(raster.ids.map((id) => (id === CAR ? 1 : 0))).toEqual(cars);
  expect(raster.ids[50 * 200 + 150]).toBe(ROAD);
});

test('a brush costs what it touches, not the picture (Label Studio 7159)', () => {
  const tilesOf = (width: number, height: number) => {
    const raster = new MaskRaster({ width, height, ignoreId: IGNORE });
    return stroke(raster, [300, 300], [900, 500], 200, ROAD).tiles.length;
  };
  expect(tilesOf(8192, 8192)).toBe(tilesOf(2048, 2048));
  expect(tilesOf(8192, 8192)).toBeLessThan(120);
});

test('a long session does not eat the memory (Label Studio 4507): 2,000 strokes over 20 images, one mask is kept', () => {
  const store = openStore(512, 384, 20);
  const used = () => process.memoryUsage().arrayBuffers + process.memoryUsage().external;
  const rasters = Array.from(
    { length: 20 },
    () => new MaskRaster({ width: 512, height: 384, ignoreId: IGNORE }),
  );
  let early = 0;
  for (let n = 0; n < 2000; n++) {
    const image = Math.floor(n / 10) % 20;
    const [x, y] = [(n * 37) % 512, (n * 53) % 384];
    commit(store, stroke(rasters[image]!, [x, y], [(x + 80) % 512, y], 12, n % 251), image + 1);
    if (n === 400) early = used();
  }
  expect(used() - early).toBeLessThan(64 * 1024 * 1024);
  store.close();
});

test('undo covers everything and reaches back (ISAT 267, CVAT 11113): 600 steps, through reopening', () => {
  let store = openStore(256, 256);
  const raster = new MaskRaster({ width: 256, height: 256, ignoreId: IGNORE });
  const states: Uint8Array[] = [];
  for (let n = 0; n < 600; n++) {
    states.push(Uint8Array.from(raster.ids));
    commit(store, stroke(raster, [n % 256, (n * 7) % 256], [(n * 3) % 256, n % 256], 3, n % 251));
  }
  for (let n = 599; n >= 0; n--) {
    if (n === 300) {
      store.close();
      store = openStore(256, 256);
    }
    expect(store.undo(1, { sync: false })!.history.cursor).toBe(n);
    if (n % 50 === 0) expect(Buffer.from(store.openMask(1)!.ids).equals(Buffer.from(states[n]!))).toBe(true);
  }
  store.close();
});

test('holes are filled (CVAT 7665)', () => {
  const raster = new MaskRaster({ width: 100, height: 80, ignoreId: IGNORE });
  stroke(raster, [50, 40], [51, 40], 60, CAR);
  stroke(raster, [50, 40], [52, 40], 10, ROAD);
  raster.beginStep();
  applyMorphology(raster, { kind: 'fillHoles', amount: 0, id: classId(CAR), region: null });
  expect(raster.endStep()).not.toBeNull();
  expect(raster.ids.includes(ROAD)).toBe(false);
  expect(raster.ids[0]).toBe(255);
});

test('specks are removed, and what is large stays (CVAT 5137)', () => {
  const raster = new MaskRaster({
    width: 100,
    height: 80,
    ids: new Uint8Array(8000).fill(ROAD),
    ignoreId: IGNORE,
  });
  stroke(raster, [30, 40], [31, 40], 30, CAR);
  const large = raster.ids.slice();
  stroke(raster, [80, 20], [81, 20], 3, CAR);
  raster.beginStep();
  applyMorphology(raster, { kind: 'removeSpecks', amount: 50, id: classId(CAR), region: null });
  raster.endStep();
  expect(raster.ids).toEqual(large);
});

test('a folder of 10,000 images opens (X-AnyLabeling 1182), and opens again', async () => {
  test.setTimeout(120_000);
  const folder = join(scratch, 'images');
  await mkdir(folder);
  const png = pngBytes(4, 3);
  const names = Array.from({ length: 10_000 }, (_, index) => `${index}.png`);
  for (let at = 0; at < names.length; at += 500) {
    await Promise.all(names.slice(at, at + 500).map((name) => writeFile(join(folder, name), png)));
  }
  const options = {
    projectsFolder: join(scratch, 'projects'),
    classTable: createClassTable(['Sky', 'Road']),
  };
  for (let turn = 0; turn < 2; turn++) {
    const project = await Project.open(await listImageFolder(folder), options);
    const { images, problems } = project.summary();
    expect([images.length, problems.length]).toEqual([10_000, 0]);
    expect([images[0]!.name, images[9999]!.name, images[9999]!.width]).toEqual(['0.png', '9999.png', 4]);
    project.close();
  }
});

test('an image of 6,000 px is painted, stored, reopened and exported (X-AnyLabeling 1254)', async () => {
  const [width, height] = [6000, 4000];
  let store = openStore(width, height);
  const raster = new MaskRaster({ width, height, ignoreId: IGNORE });
  commit(store, stroke(raster, [0, 0], [5999, 3999], 200, ROAD));
  commit(store, stroke(raster, [5900, 100], [5999, 100], 64, CAR));
  store.close();
  store = openStore(width, height);
  expect(Buffer.from(store.openMask(1)!.ids).equals(Buffer.from(raster.ids))).toBe(true);
  const classTable = createClassTable(['a', 'b', 'c', 'Road', 'd', 'e', 'f', 'g', 'Car']);
  await exportOf(store, ['0.png'], classTable);
  const exported = decodeMaskPng(await readFile(join(scratch, 'out', 'masks', '0.png')), '0.png');
  expect([exported.width, exported.height]).toEqual([width, height]);
  expect(Buffer.from(exported.ids).equals(Buffer.from(raster.ids))).toBe(true);
  store.close();
});

async function exportOf(
  store: ProjectStore,
  names: readonly string[],
  classTable = createClassTable(['Sky', 'Road']),
) {
  await mkdir(join(scratch, 'images'), { recursive: true });
  for (const name of names) await writeFile(join(scratch, 'images', name), pngBytes(4, 3));
  return runExport(
    {
      projectName: 'street',
      imageFolder: join(scratch, 'images'),
      classTable,
      images: names.map((name, index) => ({ id: index + 1, name })),
      readMask: (id) => {
        const { width, height, ids, origin } = store.openMask(id)!;
        return Promise.resolve({ classMap: { width, height, ids }, origin });
      },
    },
    { folder: join(scratch, 'out') },
  );
}

test('every exported mask has its image’s name (Label Studio 8561)', async () => {
  const store = openStore(4, 3, 3);
  const before = { width: 4, height: 3, ids: new Uint8Array(12).fill(255) };
  for (const id of [1, 2, 3]) {
    commit(store, patchBetween(before, { ...before, ids: new Uint8Array(12).fill(id % 2) })!, id);
  }
  await exportOf(store, ['b 1.png', 'a.v2.png', 'größe.png']);
  expect((await readdir(join(scratch, 'out', 'masks'))).sort()).toEqual(
    ['a.v2.png', 'b 1.png', 'größe.png'].sort(),
  );
  store.close();
});

test('an export with nothing in it is an error, never silently empty (X-AnyLabeling 1153)', async () => {
  const store = openStore(4, 3);
  await expect(exportOf(store, [])).rejects.toThrow('no image of this project has a mask yet');
  expect(await readdir(scratch)).not.toContain('out');
  store.close();
});
