import { expect, test, type Page } from '@playwright/test';
import { encode } from 'fast-png';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeMaskPng } from '#core/formats/indexedPng.ts';
import type { RgbaImage } from '#core/imaging/rgbaImage.ts';
import { SCENE_CLASS_NAMES } from '#core/scenes/classes.ts';
import { renderScene } from '#core/scenes/renderScene.ts';
import { chooseInDialog } from './chooseInDialog.ts';
import { exportMasks } from './exportMasks.ts';
import { brightestChannel, darkestChannel, endlessLoop } from './foreignModels.ts';
import { removeScratch } from './scratchFolder.ts';
import { launchStudio, type RunningStudio } from './studio.ts';

const SIZE = { width: 96, height: 64 };
const config = (names: readonly string[]) =>
  JSON.stringify({ model_type: 'segformer', id2label: Object.fromEntries(names.entries()) });

let scratch: string;
let studio: RunningStudio | null = null;
let scene: RgbaImage;

test.beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'dynaseg-models-'));
  scene = renderScene({ seed: 5, ...SIZE }).image;
  const data = new Uint8Array(scene.data.buffer, scene.data.byteOffset, scene.data.length);
  await mkdir(join(scratch, 'images'));
  for (const name of ['a', 'b'])
    await writeFile(join(scratch, 'images', `${name}.png`), encode({ ...SIZE, data, channels: 4, depth: 8 }));
});

test.afterEach(async () => {
  await studio?.close().catch(() => undefined);
  studio = null;
  await removeScratch(scratch);
});

async function open(settings: object = {}): Promise<Page> {
  await mkdir(join(scratch, 'user'));
  await writeFile(join(scratch, 'user', 'settings.json'), JSON.stringify({ backend: 'wasm', ...settings }));
  studio = await launchStudio({ folder: join(scratch, 'images'), userData: join(scratch, 'user') });
  return studio.page;
}

/** Adds an ONNX file by the dialog of the platform. */
async function addFile(page: Page, path: string): Promise<void> {
  await chooseInDialog(studio!, path);
  await page.getByTestId('add-model-file').click();
}

/** For each pixel the channel that `better` prefers, the first of equal ones. */
function channels({ data }: RgbaImage, better: (a: number, b: number) => boolean): number[] {
  return Array.from({ length: data.length / 4 }, (_, pixel) => {
    const values = [0, 1, 2].map((channel) => data[pixel * 4 + channel]!);
    return values.reduce((best, value, channel) => (better(value, values[best]!) ? channel : best), 0);
  });
}

test('other segmentation graphs are described in a dialog and give exactly the mask that they should', async () => {
  test.setTimeout(240_000);
  const page = await open();
  await page.keyboard.press('Alt+5');
  for (const [name, slot, onnx] of [
    ['brightest', 'teacher', brightestChannel()],
    ['darkest', 'student', darkestChannel()],
  ] as const) {
    const path = join(scratch, `${name}.onnx`);
    await writeFile(path, onnx);
    await addFile(page, path);
    await expect(page.getByTestId(`use-${slot}-${name}`)).toBeDisabled();
    await page.getByTestId(`describe-${name}`).click();
    const dialog = page.getByTestId('describe-dialog');
    await dialog.getByLabel('Values', { exact: true }).selectOption('0 to 255');
    await dialog.getByLabel('Height', { exact: true }).fill(String(SIZE.height));
    await dialog.getByLabel('Width', { exact: true }).fill(String(SIZE.width));
    await page.getByTestId('describe-classes').fill(SCENE_CLASS_NAMES.slice(0, 3).join('\n'));
    await page.getByTestId('describe-save').click();
    await expect(dialog).toBeHidden();
    await page.getByTestId(`use-${slot}-${name}`).click();
    await expect(page.getByTestId(`parity-${name}`)).toHaveText('runs as exported', { timeout: 60_000 });
  }
  await page.keyboard.press('Alt+1');
  await expect(page.getByTestId('footer-student')).toContainText('ms', { timeout: 60_000 });
  await page.keyboard.press('Alt+2');
  const masks = join(scratch, 'exported');
  await page.getByTestId('start-teacher').click();
  await expect(page.getByTestId('save-state')).toHaveText('saved');
  await exportMasks(studio!, masks);
  const ids = [...decodeMaskPng(await readFile(join(masks, 'masks', 'a.png')), 'a').ids];
  const expected = channels(scene, (a, b) => a > b);
  expect(ids.filter((id, pixel) => id !== expected[pixel])).toEqual([]);

  // Out of the list, and out of its slot; the file is the user's, and stays.
  await page.keyboard.press('Alt+5');
  await page.getByTestId('more-darkest').click();
  await page.getByTestId('remove-darkest').click();
  await expect(page.getByTestId('remove-says')).toHaveText(
    'It leaves the list. Its files stay where they are.',
  );
  await page.getByTestId('remove-run').click();
  await expect(page.getByTestId('model-darkest')).toHaveCount(0);
  await expect(page.locator('.use-button.student[aria-pressed=true]')).toHaveCount(1);
  expect(existsSync(join(scratch, 'darkest.onnx'))).toBe(true);
  expect(await readFile(join(scratch, 'user', 'models.json'), 'utf8')).not.toContain('darkest');
});

test('a model whose graph loops is stopped, and the studio goes on', async () => {
  test.setTimeout(240_000);
  const folder = join(scratch, 'endless');
  await mkdir(join(folder, 'onnx'), { recursive: true });
  await writeFile(join(folder, 'config.json'), config(['No', 'Yes']));
  await writeFile(join(folder, 'onnx/model.onnx'), endlessLoop());
  const page = await open({ runLimitSeconds: 8 });
  await expect(page.getByTestId('footer-teacher')).toContainText('ms', { timeout: 90_000 });
  await page.keyboard.press('Alt+5');
  await addFile(page, join(folder, 'onnx/model.onnx'));
  await page.getByTestId('use-student-endless model').click();
  await page.keyboard.press('Alt+1');
  const problem = page.getByTestId('problem-inference.tooLong').first();
  await expect(problem).toContainText('endless model: it gave no answer within 8 s and was stopped', {
    timeout: 60_000,
  });
  // The next image: the teacher runs, the student does not hang again.
  await page.locator('[data-name="b.png"]').click();
  await expect(page.getByTestId('footer-teacher')).toContainText('ms', { timeout: 60_000 });
  await expect(page.getByTestId('footer-student')).toHaveText('failed');
  // On demand it runs again, and is stopped by hand.
  await problem.getByTestId('run-again').click();
  await page.getByTestId('footer-student').getByTestId('stop-run').click({ timeout: 30_000 });
  await expect(page.getByTestId('problem-inference.stopped').first()).toContainText(
    'its run was stopped after',
  );
  await page.keyboard.press('Alt+5');
  await expect(page.getByTestId('parity-endless model')).toContainText('gave no answer within 8 s');
});
