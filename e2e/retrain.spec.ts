import { expect, test } from '@playwright/test';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeMaskPng } from '#core/formats/indexedPng.ts';
import { chooseInDialog } from './chooseInDialog.ts';
import { writePlantedFolder } from './planted/plantedFolder.ts';
import { disputesOf, nextShown } from './planted/verdictSession.ts';
import { removeScratch } from './scratchFolder.ts';
import { launchStudio } from './studio.ts';

const SMALLEST = 60;

test('a retrain pack of the dialog ignores the open disputes, and lets what a verdict decided count more', async () => {
  test.setTimeout(180_000);
  const scratch = await mkdtemp(join(tmpdir(), 'dynaseg-retrain-'));
  const settings = { smallestDispute: SMALLEST };
  const folder = await writePlantedFolder(scratch, {
    count: 1,
    seed: 661_001,
    width: 240,
    height: 180,
    settings,
  });
  const studio = await launchStudio({ folder: folder.images, userData: folder.userData });
  try {
    const { page } = studio;
    const [picture] = folder.pictures as [(typeof folder.pictures)[number]];
    const disputes = disputesOf(picture, SMALLEST);
    await page.keyboard.press('Alt+2');
    await page.getByTestId('dispute-list').waitFor({ timeout: 60_000 });
    await page.keyboard.press('n');
    const shown = await nextShown(page, null);
    await page.keyboard.press('s');
    await nextShown(page, shown);

    const out = join(scratch, 'pack');
    await chooseInDialog(studio, out);
    await page.keyboard.press('Control+Shift+e');
    await page.getByTestId('export-format').selectOption('retrain');
    await expect(page.getByTestId('export-disputes')).toContainText(`${SMALLEST} pixels`);
    await page.getByTestId('export-weight').fill('300');
    await page.getByTestId('export-choose').click();
    await page.getByTestId('export-run').click();
    await expect(page.getByTestId('export-result')).toContainText('1 of 1 mask written', { timeout: 60_000 });
    await expect(page.getByTestId('export-result')).toContainText(`${disputes.size - 1} open disputes`);

    // The mask was started from the teacher; the student was right once.
    const { width, ids: teacher } = picture.teacher;
    const mask = Uint8Array.from(teacher);
    const weights = new Uint8Array(mask.length).fill(64);
    for (const [region, { runs }] of disputes) {
      const isDecided = region === shown!.region;
      for (let at = 0; at < runs.length; at += 3) {
        const [from, to] = [runs[at]! * width + runs[at + 1]!, runs[at]! * width + runs[at + 2]!];
        weights.fill(isDecided ? 192 : 0, from, to);
        if (isDecided) mask.set(picture.student.ids.subarray(from, to), from);
        else mask.fill(255, from, to);
      }
    }
    const written = async (part: string) =>
      decodeMaskPng(await readFile(join(out, part, `${picture.name}.png`)), part).ids;
    expect(await written('masks')).toEqual(mask);
    expect(await written('weights')).toEqual(weights);
    const config = JSON.parse(await readFile(join(out, 'retrain.json'), 'utf8')) as { sources: object[] };
    expect(config.sources[0]).toMatchObject({
      weights: 'weights',
      weight_one: 64,
      split: 'splits/train.txt',
    });
  } finally {
    await studio.close();
    await removeScratch(scratch);
  }
});
