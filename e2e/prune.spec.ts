import { expect, test } from '@playwright/test';
import { mkdir, mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readModelFolder } from '../main/node/modelFolder.ts';
import { chooseInDialog } from './chooseInDialog.ts';
import { sampleScene } from './sampleFiles.ts';
import { removeScratch } from './scratchFolder.ts';
import { launchStudio } from './studio.ts';

test('a student is made in the window, stopped once, then used', async () => {
  test.setTimeout(400_000);
  const scratch = await mkdtemp(join(tmpdir(), 'dynaseg-prune-'));
  const images = join(scratch, 'images');
  await mkdir(images);
  for (const number of [2, 9]) {
    await writeFile(join(images, `${number}.jpg`), (await sampleScene(number)).image);
  }
  const studio = await launchStudio({ folder: images, userData: join(scratch, 'user') });
  try {
    const { page } = studio;
    await page.getByTestId('place-models').click();
    await page.getByTestId('prune-model').click();
    await expect(page.getByTestId('prune-run')).toBeDisabled();

    // A folder with something in it is refused before any work.
    await chooseInDialog(studio, images);
    await page.getByTestId('prune-choose').click();
    await expect(page.getByTestId('problem-prune.notEmpty')).toContainText('the folder holds 2.jpg already');
    await chooseInDialog(studio, join(scratch, 'small'));
    await page.getByTestId('prune-choose').click();
    await page.getByTestId('prune-budget').fill('70');

    await page.getByTestId('prune-run').click();
    await expect(page.getByTestId('prune-running')).toContainText('images', { timeout: 60_000 });
    await page.getByTestId('prune-cancel').click();
    await expect(page.getByTestId('prune-run')).toBeVisible();
    expect(await readdir(scratch)).not.toContain('small');

    // The form still says what was asked for.
    await expect(page.getByTestId('prune-budget')).toHaveValue('70');
    await page.getByTestId('prune-run').click();
    await expect(page.getByTestId('prune-result')).toContainText('(70.0%)', { timeout: 300_000 });
    await page.getByTestId('prune-use').click();
    await expect(page.getByTestId('use-student-small')).toHaveAttribute('aria-pressed', 'true');

    const info = await readModelFolder(join(scratch, 'small'));
    expect(info).toMatchObject({ id: 'small', role: 'student', problems: [] });
    expect(info.card?.gates.length).toBeGreaterThan(0);
  } finally {
    await studio.close();
  }
  await removeScratch(scratch);
});
