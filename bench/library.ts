import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { processMemory } from './processMemory.ts';
import { writeManyImages } from './library/manyImages.ts';
import { traceTasks } from './library/tracedTasks.ts';
import { copyScenes } from '../e2e/sampleFiles.ts';
import { removeScratch } from '../e2e/scratchFolder.ts';
import { launchStudio, type RunningStudio } from '../e2e/studio.ts';
import { buildStudio } from '../scripts/build.ts';
import { hasDisplay, startVirtualDisplay } from '../scripts/virtualDisplay.ts';

/*
 * A library of 100,000 images in the real window: npx tsx bench/library.ts [--count 100000]
 * Per thing that a user does: how long until it is on screen, and the longest task meanwhile of the window's thread
 * and of the main process' (which passes on every key and click): by its own processor time, and by the clock, which
 * on a busy machine is more. At the end, the memory of all processes.
 */
const option = (name: string): string | undefined =>
  process.argv.includes(name) ? process.argv[process.argv.indexOf(name) + 1] : undefined;
const count = Number(option('--count') ?? 100_000);
const log = (line: string) => console.log(line);

await buildStudio(log);
const display = hasDisplay() ? null : await startVirtualDisplay('1440x900x24');
if (display) process.env.DISPLAY = display.name;
const scratch = await mkdtemp(join(tmpdir(), 'dynaseg-library-'));
try {
  await bench();
} finally {
  await removeScratch(scratch);
  display?.stop();
}

async function bench(): Promise<void> {
  const many = await writeManyImages(scratch, { count, width: 96, height: 72 });
  const few = join(scratch, 'few');
  await mkdir(few);
  await copyScenes(few, ['scene_00001', 'scene_00002']);
  const studio = await launchStudio({ folder: few, userData: join(scratch, 'user') });
  const { page } = studio;
  log(
    `\n${count} images; longest task and all tasks, ms of processor time; in brackets the longest by the clock`,
  );
  log(
    'what                          seen after ms      window: longest       all       main: longest       all',
  );

  const text = (value: string) =>
    page.getByTestId('library-count').getByText(value, { exact: true }).waitFor({ timeout: 120_000 });
  const shows = (name: string) =>
    page.locator(`[data-testid^="library-item-"][data-name$="${name}"]`).waitFor({ timeout: 120_000 });
  const opened = async (folder: string, expected: number): Promise<void> => {
    await studio.app.evaluate(({ dialog }, path) => {
      dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [path] });
    }, folder);
    await page.keyboard.press('Control+o');
    await text(String(expected));
    await shows(expected === 2 ? 'scene_00001.jpg' : 'frame_1.jpg');
  };
  await measure(studio, 'open, for the first time', () => opened(many, count));
  await page.waitForTimeout(3000);
  await measure(studio, 'open another folder', () => opened(few, 2));
  await measure(studio, 'open again', () => opened(many, count));
  await page.waitForTimeout(3000);
  const sort = (value: string, first: string) => async () => {
    await page.getByTestId('library-sort').selectOption(value);
    await shows(first);
  };
  await measure(studio, 'sort by review', sort('review', 'frame_1.jpg'));
  await measure(studio, 'sort by disagreement', sort('disagreement', 'frame_1.jpg'));
  await measure(studio, 'sort by name', sort('name', 'frame_1.jpg'));
  await measure(studio, 'filter "9 77"', async () => {
    await page.getByTestId('library-filter').fill('9 77');
    await page.getByTestId('library-count').getByText(` of ${count}`).waitFor();
  });
  await measure(studio, 'show all again', async () => {
    await page.getByTestId('library-filter').fill('');
    await text(String(count));
  });
  await page.getByTestId('library-list').focus();
  await measure(studio, 'to the last image', async () => {
    await page.keyboard.press('End');
    await shows(`frame_${((count - 1) % 10_000) + 1}.jpg`);
  });
  await measure(studio, 'one image back, 20 times', async () => {
    for (let step = 0; step < 20; step++) await page.keyboard.press('a');
    await page.waitForTimeout(500);
  });
  await measure(studio, 'scroll 100 pages', async () => {
    await page.getByTestId('library-list').hover();
    for (let step = 0; step < 100; step++) await page.mouse.wheel(0, -700);
    await page.waitForTimeout(500);
  });
  log(`\nmemory, MB: ${await processMemory(studio)}`);
  await studio.close();
}

async function measure(studio: RunningStudio, what: string, act: () => Promise<void>): Promise<void> {
  let seen = 0;
  const { window, main } = await traceTasks(studio, join(scratch, 'trace.json'), async () => {
    const begun = performance.now();
    await act();
    seen = performance.now() - begun;
  });
  const cells = [window, main].map(
    ({ longest, longestByClock, total }) =>
      `${longest.toFixed(0).padStart(12)} ${`(${longestByClock.toFixed(0)})`.padEnd(8)}${total.toFixed(0).padStart(8)}`,
  );
  log(`${what.padEnd(28)}${seen.toFixed(0).padStart(12)}${cells.join('')}`);
}
