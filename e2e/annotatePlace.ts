import { expect, type Page } from '@playwright/test';

export async function goToAnnotate(page: Page): Promise<void> {
  await page.keyboard.press('Alt+2');
  await page.getByTestId('annotate').waitFor();
}

/** Everything done so far is in the project file, and the history stands there: `3 of 4`. */
export async function expectStored(page: Page, position: string): Promise<void> {
  await expect(page.getByTestId('history-position')).toHaveText(position);
  await expect(page.getByTestId('save-state')).toHaveText('saved');
}
