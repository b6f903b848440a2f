import { AxeBuilder } from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeMaskPng } from '#core/formats/indexedPng.ts';
import { exportMasks } from './exportMasks.ts';
import { copyScenes } from './sampleFiles.ts';
import { removeScratch } from './scratchFolder.ts';
import { launchStudio, type RunningStudio } from './studio.ts';

const SCENES = ['scene_00001', 'scene_00002', 'scene_00003'] as const;
const POLE = 2;
const FENCE = 7;

let scratch: string;
let studio: RunningStudio | null = null;

test.beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'dynaseg-review-'));
  await copyScenes(scratch, SCENES);
});

test.afterEach(async () => {
  await studio?.kill();
  studio = null;
  await removeScratch(scratch);
});

async function open(): Promise<Page> {
  studio = await launchStudio({ folder: join(scratch, 'images'), userData: join(scratch, 'user') });
  return studio.page;
}

/** Pixels of an exported mask by value. */
async function exportedCounts(folder: string, scene: string): Promise<ReadonlyMap<number, number>> {
  const { ids } = decodeMaskPng(await readFile(join(scratch, folder, 'masks', `${scene}.png`)), scene);
  const counts = new Map<number, number>();
  for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}

const saved = (page: Page) => expect(page.getByTestId('save-state')).toHaveText('saved');

/** The key beside an action in the application menu. */
const menuKey = (action: string) =>
  studio!.app.evaluate(({ Menu }, id) => {
    const item = Menu.getApplicationMenu()?.getMenuItemById(id);
    return item ? (item.accelerator ?? '') : null;
  }, action);

test('states of review, a merge over the whole project with its undo, and keys of one’s own', async () => {
  test.setTimeout(240_000);
  const page = await open();
  await page.keyboard.press('Alt+2');
  await page.getByTestId('annotate').waitFor();

  // A mask that is started is in work by itself; keys say the rest.
  await expect(page.getByTestId('review-state')).toHaveText('To do');
  await page.keyboard.press('Shift+G');
  await saved(page);
  await expect(page.getByTestId('review-state')).toHaveText('In work');
  await page.keyboard.press('d');
  await page.keyboard.press('Shift+G');
  await saved(page);
  await page.keyboard.press('Shift+Digit5');
  await page.getByTestId('reject-note').fill('the pole is cut');
  await page.getByTestId('reject-run').click();
  await expect(page.getByTestId('review-note')).toContainText('the pole is cut');
  await page.keyboard.press('d');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByTestId('review-progress')).toHaveText('1 of 3 done');
  await expect(page.getByTestId('review-state')).toHaveText('In work');
  await page.getByTestId('library-review').selectOption('rejected');
  await expect(page.getByTestId('library-count')).toHaveText('1 of 3');
  await page.getByTestId('library-review').selectOption('all');
  await page.getByTestId('library-sort').selectOption('review');
  await expect(page.locator('.picture-row').first()).toHaveAttribute('data-name', 'scene_00002.jpg');

  // The preview says what the masks really hold; after the merge they hold the sum.
  await exportMasks(studio!, join(scratch, 'before'));
  const before = await Promise.all(SCENES.slice(0, 2).map((scene) => exportedCounts('before', scene)));
  const poles = before.reduce((sum, counts) => sum + (counts.get(POLE) ?? 0), 0);
  expect(poles).toBeGreaterThan(0);
  await page.keyboard.press('Control+Shift+C');
  await page.getByTestId(`class-choose-${POLE}`).click();
  await page.getByTestId('merge-target').selectOption(String(FENCE));
  await expect(page.getByTestId('merge-preview')).toContainText(
    `${poles.toLocaleString('en')} pixels in 2 of 2 masks`,
  );
  await page.getByTestId('merge-run').click();
  await expect(page.getByTestId('classes-last')).toContainText('Merge Pole into Fence: 2 masks, as one step');
  await expect(page.getByTestId(`class-${POLE}`)).toBeHidden();
  await page.keyboard.press('Escape');
  await expect(page.getByTestId(`paint-class-${POLE}`)).toBeHidden();
  await expect(page.getByTestId('undo')).toHaveAccessibleName('Undo Merge Pole into Fence');
  await exportMasks(studio!, join(scratch, 'merged'));
  for (const [index, scene] of SCENES.slice(0, 2).entries()) {
    const counts = await exportedCounts('merged', scene);
    const old = before[index]!;
    expect(counts.has(POLE)).toBe(false);
    expect(counts.get(FENCE)).toBe((old.get(POLE) ?? 0) + (old.get(FENCE) ?? 0));
  }

  // One undo, on one image, brings back every mask and the class.
  await page.keyboard.press('Control+z');
  await expect(page.getByTestId(`paint-class-${POLE}`)).toBeVisible();
  await exportMasks(studio!, join(scratch, 'undone'));
  for (const [index, scene] of SCENES.slice(0, 2).entries()) {
    expect(await exportedCounts('undone', scene)).toEqual(before[index]);
  }

  // E is the eraser's: the dialog says so, gives it to the brush only when asked, and takes it all back.
  await page.keyboard.press('Control+Comma');
  await page.getByTestId('settings-keys').click();
  await page.getByTestId('hotkey-search').fill('take the');
  await page.getByTestId('hotkey-add-tool.brush').click();
  await page.keyboard.press('e');
  await expect(page.getByTestId('hotkey-conflict')).toContainText('E is “Take the eraser” there already.');
  await page.getByTestId('hotkey-move').click();
  await page.keyboard.press('Escape');
  await page.getByTestId('tool-fill').click();
  await page.keyboard.press('e');
  await expect(page.getByTestId('tool-brush')).toHaveAttribute('aria-pressed', 'true');
  await expect.poll(() => menuKey('tool.eraser')).toBe('');
  await page.keyboard.press('Control+Comma');
  await page.getByTestId('settings-keys').click();
  await page.getByTestId('hotkeys-reset').click();
  await page.keyboard.press('Escape');
  await page.keyboard.press('e');
  await expect(page.getByTestId('tool-eraser')).toHaveAttribute('aria-pressed', 'true');
  await expect.poll(() => menuKey('tool.eraser')).toBe('E');
});

/** What a screen reader, a keyboard or weak eyes would stumble over in what is shown now. */
async function stumbles(page: Page, where: string): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${where}: ${id}: ${html.slice(0, 160)}`));
}

test('no serious or critical barrier in any place, in either theme; the picture stays where it is', async () => {
  test.setTimeout(240_000);
  const page = await open();
  await page.keyboard.press('Alt+2');
  await page.getByTestId('annotate').waitFor();
  await page.keyboard.press('Shift+G');
  await saved(page);
  const found: string[] = [];
  const places = page.locator('.place-tab');
  for (const theme of ['dark', 'light'] as const) {
    await page.keyboard.press('Control+Comma');
    await page.getByTestId(`theme-${theme}`).click();
    found.push(...(await stumbles(page, `${theme} settings`)));
    await page.getByTestId('settings-keys').click();
    found.push(...(await stumbles(page, `${theme} keys`)));
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+Shift+C');
    await expect(page.getByTestId('classes-dialog')).toBeVisible();
    found.push(...(await stumbles(page, `${theme} classes`)));
    await page.keyboard.press('Escape');
    for (let index = 0; index < (await places.count()); index++) {
      await places.nth(index).click();
      found.push(...(await stumbles(page, `${theme} ${await places.nth(index).innerText()}`)));
    }
  }
  expect(found).toEqual([]);

  const placement = () => page.getByTestId('stage-mask').getAttribute('data-placement');
  await page.getByTestId('place-annotate').click();
  await page.keyboard.press('Control+Digit1');
  await expect.poll(placement).toMatch(/^1 /);
  const left = await placement();
  for (const place of ['compare', 'models', 'annotate']) await page.getByTestId(`place-${place}`).click();
  expect(await placement()).toBe(left);
});
