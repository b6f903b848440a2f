import { cp, mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IMAGE_METRICS, METRIC_FACTS } from '#core/evaluation/imageMetric.ts';
import { processMemory } from './processMemory.ts';
import { writeManyImages } from './library/manyImages.ts';
import { plantRun, type FirstImages } from './library/plantedRun.ts';
import { traceTasks } from './library/tracedTasks.ts';
import { chooseInDialog } from '../e2e/chooseInDialog.ts';
import { copyScenes } from '../e2e/sampleFiles.ts';
import { removeScratch } from '../e2e/scratchFolder.ts';
import { launchStudio, type RunningStudio } from '../e2e/studio.ts';
import { buildStudio } from '../scripts/build.ts';
import { hasDisplay, startVirtualDisplay } from '../scripts/virtualDisplay.ts';

/*
 * A library of 100,000 images in the real window, and an evaluation over it:
 * npx tsx bench/library.ts [--count 100000] [--in FOLDER] [--only library|run]
 * FOLDER keeps what takes minutes to make, images and results, for the next time.
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
const kept = option('--in') ?? scratch;
/** Images of the run that are measured while the window is looked at. */
const LEFT = Math.min(60, Math.floor(count / 2));
try {
  const { many, few, planted } = await prepare();
  const only = option('--only');
  if (only !== 'run') await benchLibrary(many, few);
  if (only !== 'library') await benchRun(many, planted);
} finally {
  await removeScratch(scratch);
  display?.stop();
}

interface Planted {
  /** A data folder whose project has a run over the many. */
  readonly userData: string;
  readonly firsts: FirstImages;
}

async function prepare(): Promise<{ many: string; few: string; planted: Planted }> {
  const [many, few, userData] = ['many', 'few', 'planted'].map((name) => join(kept, name)) as [
    string,
    string,
    string,
  ];
  const made = join(kept, `made-${count}.json`);
  const known = await readFile(made, 'utf8').catch(() => null);
  if (known !== null) return { many, few, planted: { userData, firsts: JSON.parse(known) as FirstImages } };
  await writeManyImages(kept, { count, width: 96, height: 72 });
  await mkdir(few);
  await copyScenes(few, ['scene_00001', 'scene_00002']);
  const firsts = await plantRun(many, join(userData, 'projects'), LEFT);
  await writeFile(made, JSON.stringify(firsts));
  return { many, few, planted: { userData, firsts } };
}

function logHead(): void {
  log(
    `\n${count} images; longest task and all tasks, ms of processor time; in brackets the longest by the clock`,
  );
  log(
    'what                          seen after ms      window: longest       all       main: longest       all',
  );
}

async function benchLibrary(many: string, few: string): Promise<void> {
  const studio = await launchStudio({ folder: few, userData: join(scratch, 'user') });
  const { page } = studio;
  logHead();

  const text = (value: string) =>
    page.getByTestId('library-count').getByText(value, { exact: true }).waitFor({ timeout: 120_000 });
  const shows = (name: string) =>
    page.locator(`[data-testid^="library-item-"][data-name$="${name}"]`).waitFor({ timeout: 120_000 });
  const opened = async (folder: string, expected: number): Promise<void> => {
    await chooseInDialog(studio, folder);
    await page.keyboard.press('Control+o');
    await text(String(expected));
    await shows(expected === 2 ? 'scene_00001.jpg' : 'frame_1.jpg');
  };
  // The models run on what was open before.
  await page.locator('[data-testid=footer-student][data-status=done]').waitFor({ timeout: 180_000 });
  await page.waitForTimeout(5000);
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

/** An evaluation over all of them: its figures, its list by every figure, and what is left of it measured. */
async function benchRun(many: string, planted: Planted): Promise<void> {
  const userData = join(scratch, 'run');
  await cp(planted.userData, userData, { recursive: true });
  const studio = await launchStudio({ folder: many, userData });
  const { page } = studio;
  logHead();
  const figures = async (): Promise<void> => {
    await page.getByTestId('headlines').waitFor({ timeout: 300_000 });
    await page
      .locator('[data-testid="evaluate-figures"][data-loading="false"]')
      .waitFor({ timeout: 300_000 });
  };
  await measure(studio, 'the figures, first time', async () => {
    await page.keyboard.press('Alt+3');
    await figures();
  });
  const shows = (name: string) =>
    page.locator(`[data-testid="result-0"][data-name="${name}"]`).waitFor({ timeout: 120_000 });
  await shows(planted.firsts.miouDrop);
  for (const metric of IMAGE_METRICS) {
    await measure(studio, `by ${METRIC_FACTS[metric].label.toLowerCase()}`, async () => {
      await page.getByTestId('result-sort').selectOption(metric);
      await shows(planted.firsts[metric]);
    });
  }
  const cell = page.locator('.confusion-cell:not(.right):not(:disabled)').first();
  await measure(studio, 'images behind a confusion', async () => {
    await cell.click();
    await page.getByTestId('result-0').getByText('px').first().waitFor();
  });
  await measure(studio, 'all images again', async () => {
    await page.getByTestId('result-all').click();
    await page
      .getByTestId('result-count')
      .getByText((count - LEFT).toLocaleString('en'))
      .waitFor();
  });
  await page.waitForTimeout(3000);
  await measure(studio, `the last ${LEFT} are measured`, async () => {
    await page.getByTestId('evaluate.resume').click();
    await page.locator('[data-testid="run-progress"][data-state="done"]').waitFor({ timeout: 600_000 });
    await figures();
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
