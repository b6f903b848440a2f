import { rm } from 'node:fs/promises';

/**
 * Removes a test's folder. The helper processes of a studio that was closed or killed write their last cache files
 * a moment after it is gone, so a folder that fills again is emptied again.
 */
export async function removeScratch(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
}
