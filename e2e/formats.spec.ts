import { expect, test } from '@playwright/test';
import { cp, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeMaskPng } from '#core/formats/indexedPng.ts';
import { chooseInDialog } from './chooseInDialog.ts';
import { copyScenes } from './sampleFiles.ts';
import { removeScratch } from './scratchFolder.ts';
import { launchStudio } from './studio.ts';

/** Of CamVid's classes 0 to 10 in Cityscapes' label ids; what is chosen to be ignored is 0 there. */
const LABEL_IDS = [23, 11, 17, 7, 8, 21, 0, 13, 26, 24, 25];
const SIGN = 6;

test('masks of another tool come in by their class names, and leave as Cityscapes with no changed pixel', async () => {
  test.setTimeout(240_000);
  const scratch = await mkdtemp(join(tmpdir(), 'dynaseg-formats-'));
  await copyScenes(scratch, ['scene_00003']);
  const given = join(scratch, 'given');
  await cp(join(scratch, 'masks'), join(given, 'masks'), { recursive: true });
  const names = [
    'sky',
    'building',
    'pole',
    'road',
    'pavement',
    'tree',
    'igloo',
    'fence',
    'car',
    'pedestrian',
    'bicyclist',
  ];
  await writeFile(join(given, 'classes.json'), JSON.stringify({ classes: names, void: 255 }));
  const studio = await launchStudio({ folder: join(scratch, 'images'), userData: join(scratch, 'user') });
  try {
    const { page } = studio;
    await page.keyboard.press('Control+k');
    await page.keyboard.type('Import masks');
    await page.keyboard.press('Enter');
    await chooseInDialog(studio, given);
    await page.getByTestId('import-folder').click();
    await expect(page.getByTestId('import-format')).toContainText('Indexed PNG');
    await expect(page.getByTestId('import-run')).toBeDisabled();
    await page.getByTestId('import-class-igloo').selectOption('ignore');
    await page.getByTestId('import-run').click();
    await expect(page.getByTestId('import-result')).toContainText('1 mask imported');
    await page.keyboard.press('Escape');

    const out = join(scratch, 'out');
    await chooseInDialog(studio, out);
    await page.keyboard.press('Control+Shift+e');
    await page.getByTestId('export-format').selectOption('cityscapes');
    await page.getByTestId('export-choose').click();
    await page.getByTestId('export-run').click();
    await expect(page.getByTestId('export-result')).toContainText('1 of 1 mask written');
    await expect(page.getByTestId('export-result')).not.toContainText('scene_00003');
    const before = decodeMaskPng(await readFile(join(scratch, 'masks', 'scene_00003.png')), 'before');
    const city = join(out, 'gtFine', 'train', 'scene', 'scene_000000_000000_gtFine_labelIds.png');
    const after = decodeMaskPng(await readFile(city), 'after');
    const changed = after.ids.filter((label, pixel) => {
      const id = before.ids[pixel]!;
      return label !== (id === SIGN ? 0 : (LABEL_IDS[id] ?? 0));
    });
    expect([after.width, after.height, changed.length]).toEqual([before.width, before.height, 0]);
    expect(await readdir(join(out, 'leftImg8bit', 'train', 'scene'))).toHaveLength(1);
  } finally {
    await studio.close();
    await removeScratch(scratch);
  }
});
