import { expect, test } from '@playwright/test';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { run } from '../../scripts/run.ts';
import { launchPackaged, type PackagedWindow } from '../packagedStudio.ts';
import { removeScratch } from '../scratchFolder.ts';

/* Whether the fuses hold, tried on the package itself: scripts/testPackage.ts. */

const executable = process.env.DYNASEG_PACKAGE!;
const resources = join(dirname(executable), 'resources');

let scratch: string;
let studio: PackagedWindow | null = null;

test.beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'dynaseg-fuses-'));
});

test.afterEach(async () => {
  await studio?.kill();
  studio = null;
  await removeScratch(scratch);
});

/** A program that leaves a file behind where it is run. */
const leaveMark = (mark: string) => `require('node:fs').writeFileSync(${JSON.stringify(mark)}, '');\n`;

test('neither environment nor arguments make Node of it or bring in other code', async () => {
  test.setTimeout(120_000);
  const mark = join(scratch, 'mark');
  const required = join(scratch, 'required.cjs');
  await writeFile(required, leaveMark(mark));
  studio = await launchPackaged(
    executable,
    {
      folder: null,
      userData: join(scratch, 'user'),
      env: { ELECTRON_RUN_AS_NODE: '1', NODE_OPTIONS: `--require ${required}` },
    },
    ['--inspect=0'],
  );
  // It is the studio that has started, with its window.
  expect(studio.page.url()).toBe('studio://app/index.html');
  expect(studio.errorOutput()).not.toContain('Debugger listening');
  // In any package Electron takes few of these options; with this fuse it takes none, and says so.
  expect(studio.errorOutput()).toContain('NODE_OPTIONS have been disabled in this app');
  expect(existsSync(mark)).toBe(false);
  await studio.close();
});

test('without its archive it runs nothing, whatever lies beside', async () => {
  test.setTimeout(90_000);
  const [archive, away] = [join(resources, 'app.asar'), join(resources, 'app.asar.away')];
  const planted = join(resources, 'app');
  const mark = join(scratch, 'mark');
  await rename(archive, away);
  try {
    await mkdir(planted);
    await writeFile(join(planted, 'package.json'), JSON.stringify({ name: 'planted', main: 'index.cjs' }));
    await writeFile(join(planted, 'index.cjs'), `${leaveMark(mark)}require('electron').app.exit(7);\n`);
    const env = { ...process.env, DYNASEG_USER_DATA: join(scratch, 'user') };
    const { code } = await run(executable, ['--no-sandbox'], { env, timeoutMs: 60_000 });
    expect(existsSync(mark)).toBe(false);
    expect(code).not.toBe(7);
  } finally {
    await rm(planted, { recursive: true, force: true });
    await rename(away, archive);
  }
});
