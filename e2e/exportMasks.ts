import { expect } from '@playwright/test';
import { chooseInDialog } from './chooseInDialog.ts';
import type { RunningStudio } from './studio.ts';

/** Exports through the dialog; the platform's own folder dialog answers `folder`. */
export async function exportMasks(studio: RunningStudio, folder: string): Promise<void> {
  const { page } = studio;
  await chooseInDialog(studio, folder);
  await page.keyboard.press('Control+Shift+e');
  await page.getByTestId('export-choose').click();
  await page.getByTestId('export-run').click();
  await expect(page.getByTestId('export-result')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('export-result')).toBeHidden();
}
