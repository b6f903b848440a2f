import { expect, test } from '@playwright/test';
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { decodeMaskPng } from '#core/formats/indexedPng.ts';
import type { StudioApi } from '#core/ipc/api.ts';
import { inRepository } from '../scripts/repository.ts';
import { expectStored, goToAnnotate } from './annotatePlace.ts';
import { launchWindow } from './launchWindow.ts';
import { PaintedMask } from './paintedMask.ts';
import { removeScratch } from './scratchFolder.ts';
import type { StudioWindow } from './studio.ts';

/*
 * The way of a pixel from end to end, on what comes with the studio. Also run against the package
 * (scripts/testPackage.ts), so everything goes through the window: of the packaged main process there is no hold.
 */

const run = promisify(execFile);
const SCENE = 'scene_00001';
const CAR = 8;

let scratch: string;
let studio: StudioWindow | null = null;

test.beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'dynaseg-smoke-'));
});

test.afterEach(async () => {
  await studio?.kill();
  studio = null;
  await removeScratch(scratch);
});

/** The teacher's mask of the scene, by the command line. */
async function teachersMask(): Promise<Buffer> {
  const [images, report] = [join(scratch, 'images'), join(scratch, 'report')];
  await mkdir(images);
  await cp(inRepository('samples/images', `${SCENE}.jpg`), join(images, `${SCENE}.jpg`));
  await run(process.execPath, [inRepository('cli/dynaseg.mjs'), 'compare', images, '--out', report]);
  return readFile(join(report, 'teacher', `${SCENE}.png`));
}

test('samples, both models, painting, closing, opening again and export', async () => {
  test.setTimeout(240_000);
  const userData = join(scratch, 'user');
  studio = await launchWindow({ folder: null, userData });
  let { page } = studio;
  const mistakes: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') mistakes.push(message.text());
  });
  page.on('pageerror', (error) => mistakes.push(error.message));

  // The samples, isolated so that WebAssembly has threads, and both models on the first of them.
  expect(await page.evaluate(() => globalThis.crossOriginIsolated)).toBe(true);
  await expect(page.getByTestId('library-count')).toHaveText('16');
  await expect(page.locator('.picture-row').first()).toHaveAttribute('data-name', `${SCENE}.jpg`);
  for (const role of ['teacher', 'student']) {
    const done = page.locator(`[data-testid=footer-${role}][data-status=done]`);
    await expect(done).toContainText('WASM', { timeout: 120_000 });
  }
  await expect(page.locator('.picture-row').first()).toContainText('% agree');
  // Both ran in the form that the optimiser's thread has made.
  const forms = (await readdir(join(userData, 'optimised'))).filter((name) => name.endsWith('-wasm.onnx'));
  expect(forms).toHaveLength(2);

  await goToAnnotate(page);
  await page.getByTestId('start-teacher').click();
  await expectStored(page, '1 of 1');
  const mask = new PaintedMask(page, decodeMaskPng(await teachersMask(), SCENE));
  await mask.stroke(
    [
      [300, 200],
      [600, 300],
    ],
    { size: 40, shape: 'round', id: CAR },
  );
  await expectStored(page, '2 of 2');
  await mask.undo();
  await expectStored(page, '1 of 2');
  await mask.redo();
  await expectStored(page, '2 of 2');
  expect(mistakes).toEqual([]);
  await studio.close();

  studio = await launchWindow({ folder: null, userData });
  ({ page } = studio);
  await goToAnnotate(page);
  await expectStored(page, '2 of 2');
  // Past the platform's folder dialog, which no test can answer in a package.
  const summary = await page.evaluate(
    (folder) =>
      (globalThis as unknown as { studio: StudioApi }).studio.call('export.run', {
        folder,
        format: 'png',
        split: { by: 'none', valShare: 0, seed: 0 },
        map: {},
      }),
    join(scratch, 'exported'),
  );
  expect(summary).toMatchObject({ ok: true });
  const written = await readFile(join(scratch, 'exported', 'masks', `${SCENE}.png`));
  const { ids } = decodeMaskPng(written, SCENE);
  const different = [...ids].filter((id, n) => id !== mask.raster.ids[n]).length;
  expect(different).toBe(0);
  await studio.close();
});
