import { expect } from '@playwright/test';
import type { RunningStudio } from './studio.ts';

/** Exports through the dialog; the platform's own folder dialog answers `folder`. */
export async function exportMasks({ app, page }: RunningStudio, folder: string): Promise<void> {
  await app.evaluate(({ dialog }, answer) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [answer] });
  }, folder);
  await page.keyboard.press('Control+Shift+e');
  await page.getByTestId('export-choose').click();
  await page.getByTestId('export-run').click();
  await expect(page.getByTestId('export-result')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('export-result')).toBeHidden();
}
