import { expect, test, type Page } from '@playwright/test';
import { execFile } from 'node:child_process';
import { cp, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { EvaluationFigures } from '#core/evaluation/evaluationFigures.ts';
import { inRepository } from '../scripts/repository.ts';
import { callStudio, firstRun } from './callStudio.ts';
import { copyScenes } from './sampleFiles.ts';
import { removeScratch } from './scratchFolder.ts';
import { launchStudio, stageGeometry, type RunningStudio } from './studio.ts';

const SCENES = ['scene_00001', 'scene_00006', 'scene_00011', 'scene_00016'];
const TEACHER = 'segformer-b0-street';
const STUDENT = 'dynasegformer-b0-street-k70';

let scratch: string;
let studio: RunningStudio | null = null;

test.beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'dynaseg-evaluate-'));
  await copyScenes(scratch, SCENES);
  await cp(inRepository('samples/classes.json'), join(scratch, 'classes.json'));
});

test.afterEach(async () => {
  await studio?.close();
  studio = null;
  await removeScratch(scratch);
});

/** What the command line says of a model on the same pictures. */
async function onCommandLine(model: string, keep: number | null) {
  const args = [
    'evaluate',
    '--model',
    model,
    '--images',
    join(scratch, 'images'),
    '--masks',
    join(scratch, 'masks'),
  ];
  const all = [
    inRepository('cli/dynaseg.mjs'),
    ...args,
    '--json',
    ...(keep === null ? [] : ['--keep', String(keep)]),
  ];
  const { stdout } = await promisify(execFile)(process.execPath, all);
  return JSON.parse(stdout) as { miou: number; pixelAccuracy: number; iou: Record<string, number | null> };
}

/** The figures as the window got them, with every digit. */
async function figuresOf(page: Page): Promise<EvaluationFigures> {
  return callStudio(page, 'evaluation.figures', { ...(await firstRun(page)), filter: {} });
}

test('a run is set up, paused and resumed; its figures are those of the command line, and lead to the images', async () => {
  test.setTimeout(400_000);
  studio = await launchStudio({ folder: scratch, userData: join(scratch, 'user') });
  const { page } = studio;
  await page.keyboard.press('Alt+3');
  await expect(page.getByTestId('run-form')).toContainText('4 images');
  await expect(page.getByTestId(`run-${STUDENT}-file`)).toBeChecked();
  await expect(page.getByTestId(`run-${STUDENT}-0.5`)).toBeChecked();
  await page.getByTestId('run-name').fill('two ratios');
  await page.getByTestId('run-start').click();

  // Paused, it stays where it is; resumed, nothing is measured twice.
  const progress = page.getByTestId('run-progress');
  await expect(progress).toHaveAttribute('data-state', 'running');
  await expect(progress).toHaveAttribute('data-done', /[1-3]/, { timeout: 120_000 });
  await page.getByTestId('evaluate.pause').click();
  await expect(progress).toHaveAttribute('data-state', 'paused');
  await page.getByTestId('evaluate.resume').click();
  await expect(progress).toHaveAttribute('data-state', 'done', { timeout: 120_000 });
  await expect(progress).toHaveText('4 images · done');

  const figures = await figuresOf(page);
  expect(figures.contestants.map(({ contestant }) => [contestant.modelId, contestant.keepRatio])).toEqual([
    [TEACHER, null],
    [STUDENT, null],
    [STUDENT, 0.5],
  ]);
  for (const { contestant, quality, withTruth } of figures.contestants) {
    const said = await onCommandLine(contestant.modelId, contestant.keepRatio);
    expect(withTruth).toBe(4);
    expect(quality?.headlines.miou.value).toBeCloseTo(said.miou, 9);
    expect(quality?.headlines.pixelAccuracy.value).toBeCloseTo(said.pixelAccuracy, 9);
    const classes = quality?.classes.map(({ name, iou }) => [name, iou?.toFixed(9)]) ?? [];
    expect(Object.fromEntries(classes)).toEqual(
      Object.fromEntries(Object.entries(said.iou).map(([name, iou]) => [name, iou?.toFixed(9)])),
    );
  }
  const shown = (index: number) => page.getByTestId(`figure-miou-${index}`);
  for (const [index, { quality }] of figures.contestants.entries()) {
    await expect(shown(index)).toContainText(((quality?.headlines.miou.value ?? NaN) * 100).toFixed(1));
  }
  const [teacher, student] = figures.contestants;
  const drop = Math.abs((student?.quality?.difference?.miou.value ?? NaN) * 100).toFixed(1);
  const saved = Math.round((1 - (student?.cost.macs ?? NaN) / (teacher?.cost.macs ?? NaN)) * 100);
  await expect(page.getByTestId('verdict')).toContainText(`${drop} mIoU`);
  await expect(page.getByTestId('verdict')).toContainText(`−${saved}% multiply-adds`);
  await expect(page.getByTestId('cost-chart').locator('.cost-mark')).toHaveCount(3);
  await expect(page.getByTestId('calibration-chart')).toBeVisible();

  // A small confusion of the student at 0.5: its images, then its largest region, close up in the middle of the picture.
  await page.getByTestId('contestant-2').click();
  const wrong = page.locator('.confusion-cell:not(.right):not(:disabled)');
  const pixels = await wrong.evaluateAll((cells) =>
    cells.map((cell) => Number(cell.getAttribute('data-pixels'))),
  );
  const few = Math.min(...pixels.filter((count) => count >= 200));
  const cell = wrong.nth(pixels.indexOf(few));
  const says = (await cell.getAttribute('aria-label'))!.split(':')[0]!;
  await cell.click();
  const first = page.getByTestId('result-0');
  await expect(first).toContainText('px');
  await expect(page.getByTestId('result-chips')).toContainText(says);
  const name = await first.getAttribute('data-name');
  await first.click();
  await expect(page.getByTestId('region-title')).toHaveText(says);
  await expect(page.locator(`[data-testid^="library-item-"][data-name="${name}"]`)).toHaveAttribute(
    'aria-selected',
    'true',
  );
  await expect(page.getByTestId('keep-value')).toHaveText('keep 0.50');
  const framed = await stageGeometry(page, 'stage-student');
  await page.keyboard.press('f');
  expect(framed.scale).toBeGreaterThan((await stageGeometry(page, 'stage-student')).scale);

  // Back to the list by key; the worst drop opens with Enter.
  await page.keyboard.press('Backspace');
  await page.getByTestId('result-all').click();
  await expect(page.getByTestId('result-count')).toHaveText('4');
  await page.getByTestId('result-sort').selectOption('miouDrop');
  await page.getByTestId('result-list').focus();
  await page.keyboard.press('Home');
  await expect(first).toContainText('pt');
  const worst = await first.getAttribute('data-name');

  // The whole histogram lies in the panel: its last bar is the worst image.
  const histogram = (await page.getByTestId('histogram').boundingBox())!;
  const list = (await page.getByTestId('result-list').boundingBox())!;
  expect(histogram.x + histogram.width).toBeLessThanOrEqual(list.x + list.width);
  await page.mouse.click(histogram.x + histogram.width - 2, histogram.y + histogram.height / 2);
  await expect(page.getByTestId('result-count')).toHaveText('1');
  await expect(first).toHaveAttribute('data-name', worst!);
  await page.getByTestId('result-all').click();
  await expect(page.getByTestId('result-count')).toHaveText('4');
  await page.getByTestId('result-list').focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('region-title')).toContainText('Drop in mean IoU');
  await expect(page.locator(`[data-testid^="library-item-"][data-name="${worst}"]`)).toHaveAttribute(
    'aria-selected',
    'true',
  );
});
