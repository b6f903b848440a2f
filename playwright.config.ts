import { defineConfig } from '@playwright/test';

/** Tests of the real Electron app, one after the other: each starts windows and measures nothing beside it. */
export default defineConfig({
  testDir: 'e2e',
  testMatch: '**/*.spec.ts',
  // Tests of the package: scripts/testPackage.ts makes one first.
  testIgnore: process.env.DYNASEG_PACKAGE ? [] : ['**/package/**'],
  workers: 1,
  timeout: 120_000,
  expect: { timeout: 15_000 },
  outputDir: 'test-results',
  // On a busy machine a real app is now and then late: such a test is tried once more, and named in the summary.
  retries: process.env.CI ? 1 : 0,
  forbidOnly: Boolean(process.env.CI),
});
