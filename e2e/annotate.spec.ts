import { expect, test, type Page } from '@playwright/test';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeMaskPng, encodeIndexedPng } from '#core/formats/indexedPng.ts';
import { classPalette } from '#core/labels/classPalette.ts';
import { createClassTable } from '#core/labels/classTable.ts';
import type { ClassMap } from '#core/mask/classMap.ts';
import { catalogSchema } from '#core/models/catalog.ts';
import { inRepository } from '../scripts/repository.ts';
import { expectStored, goToAnnotate } from './annotatePlace.ts';
import { exportMasks } from './exportMasks.ts';
import { PaintedMask } from './paintedMask.ts';
import { copyScenes } from './sampleFiles.ts';
import { removeScratch } from './scratchFolder.ts';
import { launchStudio, stageGeometry, type RunningStudio } from './studio.ts';

const SCENES = ['scene_00001', 'scene_00002'] as const;
const CAR = 8;
const ROAD = 3;
const PAVEMENT = 4;
const TREE = 5;
const SKY = 0;

let scratch: string;
let studio: RunningStudio | null = null;

test.beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'dynaseg-annotate-'));
  await copyScenes(scratch, SCENES);
});

test.afterEach(async () => {
  await studio?.kill();
  studio = null;
  await removeScratch(scratch);
});

/** Starts the studio on the two scenes and goes to Annotate. */
async function open(): Promise<Page> {
  studio = await launchStudio({ folder: join(scratch, 'images'), userData: join(scratch, 'user') });
  await goToAnnotate(studio.page);
  return studio.page;
}

const exported = (folder: string, scene: string): Promise<Buffer> =>
  readFile(join(folder, 'masks', `${scene}.png`));

/** The bytes that the export of a mask has to have. */
async function pngOf(map: ClassMap): Promise<Buffer> {
  const catalog = catalogSchema.parse(
    JSON.parse(await readFile(inRepository('models/catalog.json'), 'utf8')),
  );
  const table = createClassTable(catalog.models.find((model) => model.role === 'teacher')!.classes);
  return Buffer.from(encodeIndexedPng(map, { palette: classPalette(table), maxId: 255 }));
}

test('what is painted is stored, survives SIGKILL in mid-stroke, and is exported byte for byte', async () => {
  test.setTimeout(300_000);
  let page = await open();
  await expect(page.getByTestId('start-panel')).toContainText('This image has no mask yet');
  await expect(page.getByTestId('start-teacher')).toBeEnabled({ timeout: 120_000 });
  await page.getByTestId('start-teacher').click();
  await expectStored(page, '1 of 1');
  await exportMasks(studio!, join(scratch, 'started'));
  const start = decodeMaskPng(await exported(join(scratch, 'started'), SCENES[0]), 'started');
  expect(new Set(start.ids).size).toBeGreaterThan(3);

  // Brush, round, then square; eraser; polygon; fill: one step each.
  const first = new PaintedMask(page, start);
  await first.stroke(
    [
      [100, 100],
      [220, 140],
      [300, 90],
      [300, 300],
    ],
    { size: 25, shape: 'round', id: CAR },
  );
  await first.stroke(
    [
      [-8, 500],
      [200, 520],
    ],
    { size: 40, shape: 'square', id: TREE },
  );
  await first.stroke(
    [
      [150, 60],
      [260, 200],
    ],
    { size: 12, shape: 'round', id: null },
  );
  await first.polygon(
    [
      [500, 100],
      [700, 140],
      [660, 300],
      [480, 260],
    ],
    PAVEMENT,
  );
  await first.fill([600, 200], SKY);
  await expectStored(page, '6 of 6');
  await expect(page.getByTestId('undo')).toHaveAccessibleName('Undo Fill Sky');

  // Escape in mid-stroke leaves nothing.
  await first.beginStroke(
    [
      [400, 400],
      [700, 600],
    ],
    { size: 60, shape: 'round', id: ROAD },
  );
  await page.keyboard.press('Escape');
  await page.mouse.up();
  await expectStored(page, '6 of 6');

  await first.undo();
  await expectStored(page, '5 of 6');
  await first.undo();
  await expectStored(page, '4 of 6');
  await first.redo();
  await expectStored(page, '5 of 6');

  // Zoomed in to large pixels, a brush of three paints three.
  const fitted = await stageGeometry(page, 'stage-mask');
  const eye = fitted.toPage(600, 450);
  await page.mouse.move(eye.x, eye.y);
  for (let turn = 0; turn < 5; turn++) await page.mouse.wheel(0, -300);
  await expect.poll(async () => (await stageGeometry(page, 'stage-mask')).scale).toBeGreaterThan(8);
  await first.stroke(
    [
      [598, 448],
      [606, 452],
    ],
    { size: 3, shape: 'square', id: CAR },
  );
  await expectStored(page, '6 of 6');
  await page.keyboard.press('f');

  // The next image: an empty mask, a stroke and a straight line to a Shift+click.
  await page.keyboard.press('d');
  await expect(page.getByTestId('start-panel')).toBeVisible();
  await page.keyboard.press('Shift+E');
  await expectStored(page, '1 of 1');
  const empty = { width: start.width, height: start.height, ids: new Uint8Array(start.ids.length).fill(255) };
  const second = new PaintedMask(page, empty);
  await second.stroke(
    [
      [200, 200],
      [400, 200],
    ],
    { size: 30, shape: 'round', id: SKY },
  );
  await expectStored(page, '2 of 2');

  // A polygon that is still open when the image changes paints nothing, here or there.
  await second.openPolygon(
    [
      [100, 100],
      [500, 100],
      [500, 500],
    ],
    TREE,
  );
  await page.keyboard.press('a');
  await expectStored(page, '6 of 6');
  await page.keyboard.press('Enter');
  await page.keyboard.press('d');
  await expectStored(page, '2 of 2');

  // Killed with the button down.
  await second.beginStroke(
    [
      [100, 600],
      [600, 600],
    ],
    { size: 50, shape: 'round', id: ROAD },
  );
  await expect(page.getByTestId('status-mask')).toContainText('Road');
  await studio!.kill();

  page = await open();
  await expectStored(page, '6 of 6');
  await exportMasks(studio!, join(scratch, 'reopened'));
  expect(await exported(join(scratch, 'reopened'), SCENES[0])).toEqual(await pngOf(first.raster));
  expect(await exported(join(scratch, 'reopened'), SCENES[1])).toEqual(await pngOf(second.raster));

  // The history came back too.
  await page.keyboard.press('Control+z');
  await expectStored(page, '5 of 6');
  await page.keyboard.press('Control+y');
  await expectStored(page, '6 of 6');
  const again = PaintedMask.goOn(page, first);
  await again.stroke(
    [
      [50, 50],
      [80, 80],
    ],
    { size: 9, shape: 'round', id: CAR },
  );
  await expectStored(page, '7 of 7');
  await exportMasks(studio!, join(scratch, 'again'));
  expect(await exported(join(scratch, 'again'), SCENES[0])).toEqual(await pngOf(again.raster));
});

test('a step that cannot be stored stays on screen, says why, and is stored when tried again', async () => {
  const page = await open();
  await page.getByTestId('start-truth').click();
  await expectStored(page, '1 of 1');
  const start = decodeMaskPng(await readFile(join(scratch, 'masks', `${SCENES[0]}.png`)), 'truth');
  await studio!.app.evaluate(({ ipcMain }) => {
    type Handler = (event: unknown, ...call: unknown[]) => unknown;
    const handlers = (ipcMain as unknown as { _invokeHandlers: Map<string, Handler> })._invokeHandlers;
    const real = handlers.get('studio:call')!;
    const full = { code: 'project.full', severity: 'error', title: 'no space left on the disk' };
    // The window waits for a stroke on a channel of its own.
    const [waiting] = ipcMain.listeners('studio:commit') as ((event: Electron.IpcMainEvent) => void)[];
    const refuse = (event: Electron.IpcMainEvent) => {
      event.returnValue = { ok: false, problem: full };
    };
    ipcMain.removeAllListeners('studio:commit').on('studio:commit', refuse);
    (globalThis as { freeDisk?: () => void }).freeDisk = () => {
      handlers.set('studio:call', real);
      ipcMain.removeAllListeners('studio:commit').on('studio:commit', waiting!);
    };
    handlers.set('studio:call', (event, ...call) =>
      JSON.stringify(call).includes('mask.commit') ? { ok: false, problem: full } : real(event, ...call),
    );
  });
  const mask = new PaintedMask(page, start);
  await mask.stroke(
    [
      [100, 100],
      [300, 100],
    ],
    { size: 20, shape: 'round', id: CAR },
  );
  await mask.stroke(
    [
      [100, 200],
      [300, 200],
    ],
    { size: 20, shape: 'round', id: TREE },
  );
  await expect(page.getByTestId('save-problem')).toContainText('not saved: no space left on the disk');
  await expect(page.getByTestId('save-state')).toHaveText('not saved');

  // Closing the window asks first; staying keeps everything.
  const asked = await studio!.app.evaluate(({ BrowserWindow, dialog }) => {
    const questions: string[] = [];
    dialog.showMessageBoxSync = (...call: unknown[]) => {
      questions.push((call.at(-1) as { message: string }).message);
      return 0;
    };
    BrowserWindow.getAllWindows()[0]!.close();
    return new Promise<string[]>((resolve) => setTimeout(() => resolve(questions), 1000));
  });
  expect(asked).toEqual(['Some of what you painted is not saved']);

  await studio!.app.evaluate(() => (globalThis as { freeDisk?: () => void }).freeDisk?.());
  await page.getByTestId('save-problem').getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByTestId('save-problem')).toBeHidden();
  await expectStored(page, '3 of 3');
  await studio!.kill();
  await open();
  await exportMasks(studio!, join(scratch, 'kept'));
  expect(await exported(join(scratch, 'kept'), SCENES[0])).toEqual(await pngOf(mask.raster));
});

test('panning in the middle of a stroke moves the picture and goes on painting', async () => {
  const page = await open();
  await page.getByTestId('start-empty').click();
  await expectStored(page, '1 of 1');
  const before = await stageGeometry(page, 'stage-mask');
  const mask = new PaintedMask(page, { width: 960, height: 720, ids: new Uint8Array(960 * 720).fill(255) });
  await mask.beginStroke(
    [
      [200, 300],
      [300, 300],
    ],
    { size: 20, shape: 'round', id: CAR },
  );
  const at = before.toPage(300, 300);
  await page.keyboard.down('Space');
  await page.mouse.move(at.x + 60, at.y + 40);
  await page.keyboard.up('Space');
  const between = await stageGeometry(page, 'stage-mask');
  expect(between.toPage(300, 300)).toEqual({ x: at.x + 60, y: at.y + 40 });
  await page.mouse.down({ button: 'middle' });
  await page.mouse.move(at.x, at.y);
  await page.mouse.up({ button: 'middle' });
  const after = await stageGeometry(page, 'stage-mask');
  const end = after.toPage(400, 300);
  await page.mouse.move(end.x, end.y);
  await page.mouse.up();
  await expectStored(page, '2 of 2');
  for (const [x, name] of [
    [250, 'Car'],
    [350, 'Car'],
    [440, 'ignore'],
  ] as const) {
    const point = after.toPage(x, 300);
    await page.mouse.move(point.x, point.y);
    await expect(page.getByTestId('status-mask')).toContainText(name);
  }
});
