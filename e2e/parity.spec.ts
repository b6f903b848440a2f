import { expect, test } from '@playwright/test';
import { encode } from 'fast-png';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { decodeMaskPng } from '#core/formats/indexedPng.ts';
import { renderScene } from '#core/scenes/renderScene.ts';
import { inRepository } from '../scripts/repository.ts';
import { exportMasks } from './exportMasks.ts';
import { sampleScene, withOrientation } from './sampleFiles.ts';
import { removeScratch } from './scratchFolder.ts';
import { launchStudio } from './studio.ts';

const run = promisify(execFile);

test('the window and the command line give the same class maps, to the last pixel', async () => {
  test.setTimeout(300_000);
  const scratch = await mkdtemp(join(tmpdir(), 'dynaseg-parity-'));
  const images = join(scratch, 'images');
  await mkdir(images);
  const { image } = await sampleScene(3);
  const scene = renderScene({ seed: 77_001, width: 321, height: 243 }).image;
  const rgba = new Uint8Array(scene.data.buffer, scene.data.byteOffset, scene.data.length);
  await writeFile(join(images, 'a.jpg'), image);
  await writeFile(join(images, 'b.jpg'), withOrientation(image, 8));
  await writeFile(join(images, 'c.png'), encode({ ...scene, data: rgba, channels: 4, depth: 8 }));

  const studio = await launchStudio({ folder: images, userData: join(scratch, 'user') });
  try {
    const { page } = studio;
    await page.keyboard.press('Alt+2');
    for (const role of ['teacher', 'student', 'teacher'] as const) {
      await expect(page.getByTestId(`start-${role}`)).toBeEnabled({ timeout: 120_000 });
      await page.getByTestId(`start-${role}`).click();
      await expect(page.getByTestId('save-state')).toHaveText('saved');
      await page.keyboard.press('d');
    }
    await exportMasks(studio, join(scratch, 'exported'));
  } finally {
    await studio.close();
  }

  const report = join(scratch, 'report');
  await run(process.execPath, [inRepository('cli/dynaseg.mjs'), 'compare', images, '--out', report]);
  for (const [name, role] of [
    ['a', 'teacher'],
    ['b', 'student'],
    ['c', 'teacher'],
  ] as const) {
    const inWindow = decodeMaskPng(await readFile(join(scratch, 'exported', 'masks', `${name}.png`)), name);
    const inTerminal = decodeMaskPng(await readFile(join(report, role, `${name}.png`)), name);
    expect([inWindow.width, inWindow.height]).toEqual([inTerminal.width, inTerminal.height]);
    const different = [...inWindow.ids].filter((id, n) => id !== inTerminal.ids[n]).length;
    expect({ name, different }).toEqual({ name, different: 0 });
    expect(new Set(inWindow.ids).size).toBeGreaterThan(2);
  }
  await removeScratch(scratch);
});
