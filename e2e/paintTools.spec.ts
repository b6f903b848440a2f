import { expect, test, type Page } from '@playwright/test';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeMaskPng } from '#core/formats/indexedPng.ts';
import { imagePoint } from '#core/geometry.ts';
import { classId } from '#core/labels/classTable.ts';
import { paintStroke } from '#core/mask/brush.ts';
import { growRegion } from '#core/mask/growRegion.ts';
import { MaskRaster } from '#core/mask/maskRaster.ts';
import { applyMorphology } from '#core/mask/morphology.ts';
import { fillPolygon } from '#core/mask/polygon.ts';
import { expectStored } from './annotatePlace.ts';
import { exportMasks } from './exportMasks.ts';
import { copyScenes } from './sampleFiles.ts';
import { removeScratch } from './scratchFolder.ts';
import { launchStudio, stageGeometry, type RunningStudio, type StageGeometry } from './studio.ts';

const SCENE = 'scene_00001';
const IGNORE = classId(255);
const BUILDING = classId(1);
const ROAD = classId(3);
const TREE = classId(5);
const CAR = classId(8);
type At = readonly [x: number, y: number];

let scratch: string;
let studio: RunningStudio | null = null;

test.beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'dynaseg-tools-'));
  await copyScenes(scratch, [SCENE]);
});

test.afterEach(async () => {
  await studio?.kill();
  studio = null;
  await removeScratch(scratch);
});

/** Mouse and keyboard over the mask. */
class Hand {
  private constructor(
    readonly page: Page,
    private readonly stage: StageGeometry,
  ) {}

  static async over(page: Page): Promise<Hand> {
    return new Hand(page, await stageGeometry(page, 'stage-mask'));
  }

  /** The points of the picture that the studio sees. `end`: what happens with the button still down. */
  async drag(path: readonly At[], end?: () => Promise<void>): Promise<ReturnType<typeof imagePoint>[]> {
    const points = [];
    for (const [x, y] of path) {
      const at = this.stage.toPage(x, y);
      await this.page.mouse.move(at.x, at.y);
      if (points.length === 0) await this.page.mouse.down();
      points.push(this.stage.toImage(at));
    }
    await end?.();
    await this.page.mouse.up();
    return points;
  }

  async click(x: number, y: number): Promise<void> {
    await this.drag([[x, y]]);
  }

  async press(...keys: string[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(key);
  }
}

test('every tool paints what it says, obeys locks, and Escape restores exactly', async () => {
  test.setTimeout(300_000);
  studio = await launchStudio({ folder: join(scratch, 'images'), userData: join(scratch, 'user') });
  const { page } = studio;
  await page.keyboard.press('Alt+2');
  await page.getByTestId('start-truth').click();
  await expectStored(page, '1 of 1');
  const start = decodeMaskPng(await readFile(join(scratch, 'masks', `${SCENE}.png`)), 'truth');
  const { width, height } = start;
  const expected = new MaskRaster({ width, height, ids: start.ids.slice(), ignoreId: IGNORE });
  const step = (paint: () => void): void => {
    expected.beginStep();
    paint();
    expected.endStep();
  };
  let exports = 0;
  const mask = async () => {
    const folder = join(scratch, `export-${exports++}`);
    await exportMasks(studio!, folder);
    return decodeMaskPng(await readFile(join(folder, 'masks', `${SCENE}.png`)), 'mask');
  };
  const hand = await Hand.over(page);

  // Box, and with Alt the box that takes the class away; nothing is left of a drag that Escape ended.
  await hand.press('r', '6');
  const box = await hand.drag([
    [100, 100],
    [180, 160],
  ]);
  const [from, to] = [box[0]!, box.at(-1)!];
  const rectangle = (a: typeof from, b: typeof from) => {
    const [x0, y0, x1, y1] = [Math.floor(a.x), Math.floor(a.y), Math.floor(b.x) + 1, Math.floor(b.y) + 1];
    return [imagePoint(x0, y0), imagePoint(x1, y0), imagePoint(x1, y1), imagePoint(x0, y1)];
  };
  step(() => fillPolygon(expected, rectangle(from, to), TREE));
  await hand.drag(
    [
      [300, 300],
      [400, 400],
    ],
    () => hand.press('Escape'),
  );
  await page.keyboard.down('Alt');
  const hole = await hand.drag([
    [120, 120],
    [140, 140],
  ]);
  await page.keyboard.up('Alt');
  step(() => fillPolygon(expected, rectangle(hole[0]!, hole.at(-1)!), IGNORE));
  await expectStored(page, '3 of 3');

  // Lasso.
  await hand.press('l', '9');
  const lasso = await hand.drag([
    [600, 500],
    [760, 520],
    [700, 660],
  ]);
  step(() => fillPolygon(expected, lasso, CAR));
  await expectStored(page, '4 of 4');

  // Locked cars stay under a brush; with "only over", nothing but ignore is painted.
  await hand.press('k', 'b', '6');
  await page.getByTestId('brush-size').fill('30');
  await page.getByTestId('brush-size').press('Enter');
  const writable = new Uint8Array(65536).fill(1);
  writable[CAR] = 0;
  expected.setWritable(writable);
  const brush = { radius: 15, shape: 'round', id: TREE } as const;
  const stroke = async (path: readonly At[]): Promise<void> => {
    const points = await hand.drag(path);
    step(() =>
      points.forEach((point, n) => paintStroke(expected, points[Math.max(0, n - 1)]!, point, brush)),
    );
  };
  await stroke([
    [560, 560],
    [780, 580],
  ]);
  await expect(page.getByTestId('protection')).toHaveText(/locked: Car/);
  await page.getByTestId('paint-class-ignore').hover();
  await page.getByTestId('over-255').click();
  writable.fill(0);
  writable[IGNORE] = 1;
  await stroke([
    [90, 130],
    [200, 130],
  ]);
  await page.getByTestId('protection').getByRole('button', { name: 'Free all' }).click();
  expected.setWritable(null);
  await expectStored(page, '6 of 6');

  // Reshaping: a preview that Escape drops, one that Enter keeps.
  await hand.press('m');
  await page.getByTestId('morphology-kind').selectOption('grow');
  await hand.click(105, 105);
  await hand.press('Escape');
  await page.getByTestId('morphology-amount').fill('5');
  await page.getByTestId('morphology-amount').press('Enter');
  await hand.click(105, 105);
  await hand.press('Enter');
  const tree = growRegion(expected, 105, 105, (x, y) => expected.ids[y * width + x] === TREE)!;
  step(() => applyMorphology(expected, { kind: 'grow', amount: 5, id: TREE, region: tree }));
  await expectStored(page, '7 of 7');
  const before = await mask();
  expect(Buffer.from(before.ids).equals(Buffer.from(expected.ids))).toBe(true);

  // What follows goes by the picture's colours and by the models.
  const changed = (a: typeof before, b: typeof before): number[] =>
    Array.from(a.ids.keys()).filter((n) => a.ids[n] !== b.ids[n]);
  await hand.press('w', '1');
  await hand.drag(
    [
      [820, 60],
      [840, 60],
    ],
    () => hand.press('Escape'),
  );
  await hand.press('u', '6');
  await hand.click(480, 620);
  await hand.press('g', '2');
  await page.getByTestId('fill-colour').click();
  await hand.click(480, 60);
  await expectStored(page, '9 of 9');
  await hand.press('Control+z');
  await expectStored(page, '8 of 9');
  const patched = await mask();
  const patch = changed(before, patched);
  expect(patch).toContain(620 * width + 480);
  expect(new Set(patch.map((n) => patched.ids[n]))).toEqual(new Set([TREE]));
  expect(patch.length).toBeGreaterThan(60);
  expect(patch.length).toBeLessThan(4000);
  await hand.press('Control+Shift+z');

  // The snapping brush keeps to where a model sees the class; the eraser leaves what the model sees.
  await expect(page.getByTestId('start-over')).toBeVisible();
  await expect(page.getByTestId('inset-teacher').locator('.inset-message')).toHaveCount(0, {
    timeout: 120_000,
  });
  const coloured = await mask();
  await hand.press('q', '4');
  await page.getByTestId('snap-top').fill('1');
  await page.getByTestId('snap-top').press('Enter');
  await hand.drag([
    [40, 700],
    [900, 300],
  ]);
  await hand.press('e');
  await page.getByTestId('erase-model').click();
  await expectStored(page, '10 of 10');
  const snapped = await mask();
  const road = changed(coloured, snapped);
  expect(new Set(road.map((n) => snapped.ids[n]))).toEqual(new Set([ROAD]));
  await hand.drag([
    [105, 105],
    [170, 150],
  ]);
  await expectStored(page, '11 of 11');
  const erased = await mask();
  const given = changed(snapped, erased);
  expect(given.length).toBeGreaterThan(500);
  expect(new Set(given.map((n) => erased.ids[n]))).toContain(BUILDING);
});
