import { expect, test } from '@playwright/test';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { launchPackaged } from '../packagedStudio.ts';
import { removeScratch } from '../scratchFolder.ts';

/* Whether the fuses hold, tried on the package itself: scripts/testPackage.ts. */

const executable = process.env.DYNASEG_PACKAGE!;

test('neither environment, nor arguments, nor a folder beside the archive bring in other code', async () => {
  test.setTimeout(120_000);
  const scratch = await mkdtemp(join(tmpdir(), 'dynaseg-fuses-'));
  const mark = (name: string) => join(scratch, name);
  const leaveMark = (name: string) =>
    `require('node:fs').writeFileSync(${JSON.stringify(mark(name))}, '');\n`;
  const planted = join(dirname(executable), 'resources', 'app');
  try {
    await mkdir(planted);
    await writeFile(join(planted, 'package.json'), JSON.stringify({ name: 'planted', main: 'index.cjs' }));
    await writeFile(join(planted, 'index.cjs'), leaveMark('folder'));
    const required = join(scratch, 'required.cjs');
    await writeFile(required, leaveMark('options'));
    const studio = await launchPackaged(
      executable,
      {
        folder: null,
        userData: join(scratch, 'user'),
        env: { ELECTRON_RUN_AS_NODE: '1', NODE_OPTIONS: `--require ${required}` },
      },
      ['--inspect=0'],
    );
    // It is the studio that has started, with its window, and none of what was planted.
    expect(studio.page.url()).toBe('studio://app/index.html');
    expect(studio.errorOutput()).not.toContain('Debugger listening');
    expect(existsSync(mark('folder'))).toBe(false);
    expect(existsSync(mark('options'))).toBe(false);
    await studio.close();
  } finally {
    await rm(planted, { recursive: true, force: true });
    await removeScratch(scratch);
  }
});
