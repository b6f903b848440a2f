import { expect, test, type Page } from '@playwright/test';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sampleScene } from './sampleFiles.ts';
import { removeScratch } from './scratchFolder.ts';
import { launchStudio } from './studio.ts';

const studentIsDone = (page: Page): Promise<void> =>
  page.locator('[data-testid=footer-student][data-status=done]').waitFor({ timeout: 120_000 });

/** Every status that the student's footer has from now on, until it is asked for. */
async function watchStatus(page: Page): Promise<() => Promise<readonly string[]>> {
  await page.getByTestId('footer-student').evaluate((footer) => {
    const seen: (string | null)[] = [];
    (globalThis as { seenStatus?: unknown }).seenStatus = seen;
    new MutationObserver(() => seen.push(footer.getAttribute('data-status'))).observe(footer, {
      attributes: true,
      attributeFilter: ['data-status'],
    });
  });
  return () => page.evaluate(() => (globalThis as unknown as { seenStatus: readonly string[] }).seenStatus);
}

test('keep ratio and sizing run the student again, what was run before is not run twice', async () => {
  test.setTimeout(240_000);
  const scratch = await mkdtemp(join(tmpdir(), 'dynaseg-inference-'));
  const images = join(scratch, 'images');
  await mkdir(images);
  await writeFile(join(images, 'a.jpg'), (await sampleScene(3)).image);
  await writeFile(join(images, 'b.jpg'), (await sampleScene(4)).image);
  const studio = await launchStudio({ folder: images, userData: join(scratch, 'user') });
  try {
    const { page } = studio;
    await studentIsDone(page);
    const footer = page.getByTestId('footer-student');
    const atTrained = /[\d.]+ G/.exec(await footer.innerText())?.[0];
    expect(atTrained).toBeDefined();

    // By keyboard: the value follows each press, the run begins when the key is let go.
    const slider = page.getByTestId('keep-slider');
    await slider.focus();
    let seen = await watchStatus(page);
    await page.keyboard.down('ArrowLeft');
    await expect(page.getByTestId('keep-value')).toHaveText('keep 0.65');
    expect(await seen()).toEqual([]);
    await page.keyboard.up('ArrowLeft');
    await expect.poll(async () => (await seen()).includes('running')).toBe(true);
    await studentIsDone(page);
    await expect(footer).not.toContainText(atTrained!);

    // Back: the result is there already.
    seen = await watchStatus(page);
    await page.getByTestId('keep-reset').click();
    await expect(footer).toContainText(atTrained!);
    await studentIsDone(page);
    expect(await seen()).not.toContain('running');

    await page.getByTestId('sizing-student').click();
    await page.getByTestId('sizing-student-tiles').click();
    await expect(page.getByTestId('sizing-student')).toContainText('tiles');
    await studentIsDone(page);
    await expect(footer.locator('[title*="overlapping pieces"]')).toHaveCount(1);
    await page.getByTestId('sizing-student').click();
    await page.getByTestId('sizing-student-square').click();
    await expect(footer).toContainText(atTrained!);

    // The next image was fetched while this one was looked at; the one before is still there.
    await page.keyboard.press('d');
    await studentIsDone(page);
    seen = await watchStatus(page);
    await page.keyboard.press('a');
    await expect(page.getByTestId('status-line')).toContainText('a.jpg');
    await studentIsDone(page);
    await page.waitForTimeout(300);
    expect(await seen()).not.toContain('running');
  } finally {
    await studio.close();
    await removeScratch(scratch);
  }
});
