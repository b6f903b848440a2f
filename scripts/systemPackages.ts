import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { run } from './run.ts';

/** Debian's package of each shared library that Electron links or loads. Library names without the version. */
const PACKAGE_OF_LIBRARY: Readonly<Record<string, string>> = {
  'libasound.so': 'libasound2',
  'libatk-1.0.so': 'libatk1.0-0',
  'libatk-bridge-2.0.so': 'libatk-bridge2.0-0',
  'libatspi.so': 'libatspi2.0-0',
  'libcairo.so': 'libcairo2',
  'libcups.so': 'libcups2',
  'libdbus-1.so': 'libdbus-1-3',
  'libdrm.so': 'libdrm2',
  'libexpat.so': 'libexpat1',
  'libgbm.so': 'libgbm1',
  'libgdk-3.so': 'libgtk-3-0',
  'libgio-2.0.so': 'libglib2.0-0',
  'libglib-2.0.so': 'libglib2.0-0',
  'libgobject-2.0.so': 'libglib2.0-0',
  'libgtk-3.so': 'libgtk-3-0',
  'libnspr4.so': 'libnspr4',
  'libnss3.so': 'libnss3',
  'libnssutil3.so': 'libnss3',
  'libpango-1.0.so': 'libpango-1.0-0',
  'libsmime3.so': 'libnss3',
  'libudev.so': 'libudev1',
  'libX11.so': 'libx11-6',
  'libxcb.so': 'libxcb1',
  'libXcomposite.so': 'libxcomposite1',
  'libXdamage.so': 'libxdamage1',
  'libXext.so': 'libxext6',
  'libXfixes.so': 'libxfixes3',
  'libxkbcommon.so': 'libxkbcommon0',
  'libXrandr.so': 'libxrandr2',
  'libXss.so': 'libxss1',
};

/** Packages renamed for 64-bit time on newer Debian and Ubuntu: NAMEt64 is the one to install there. */
const RENAMED = new Set([
  'libasound2',
  'libatk1.0-0',
  'libatk-bridge2.0-0',
  'libatspi2.0-0',
  'libcups2',
  'libglib2.0-0',
  'libgtk-3-0',
]);

/** Names of the libraries that `ldd` reports missing: `libgtk-3.so.0`. */
export function parseMissingLibraries(lddOutput: string): string[] {
  return [...lddOutput.matchAll(/^\s*(\S+) => not found/gm)].map((match) => match[1]!);
}

/** Debian packages for missing libraries; a library that is not known is returned in `unknown`. */
export function packagesOfLibraries(libraries: readonly string[]): { packages: string[]; unknown: string[] } {
  const packages = new Set<string>();
  const unknown: string[] = [];
  for (const library of libraries) {
    const name = PACKAGE_OF_LIBRARY[library.replace(/\.so.*$/, '.so')];
    if (name) packages.add(name);
    else unknown.push(library);
  }
  return { packages: [...packages].sort(), unknown };
}

/** Absolute path of a program on PATH, or null. */
export function findProgram(name: string): string | null {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(folder, name);
    if (folder !== '' && existsSync(path)) return path;
  }
  return null;
}

async function newNames(packages: readonly string[]): Promise<string[]> {
  return Promise.all(
    packages.map(async (name) => {
      if (!RENAMED.has(name)) return name;
      const shown = await run('apt-cache', ['show', '--no-all-versions', `${name}t64`]);
      return shown.code === 0 ? `${name}t64` : name;
    }),
  );
}

async function install(packages: readonly string[], log: (line: string) => void): Promise<void> {
  const sudo = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = async (...args: string[]) => {
    const [command, ...rest] = [...sudo, 'apt-get', ...args];
    const result = await run(command!, rest, { env: environment });
    if (result.code !== 0) {
      const said = (result.stderr || result.stdout).trim().split('\n').slice(-5).join('\n');
      throw new Error(`apt-get ${args.join(' ')} failed with status ${result.code}:\n${said}`);
    }
  };
  await apt('update', '-q');
  const names = await newNames(packages);
  log(`system: installing ${names.join(' ')}`);
  await apt('install', '-y', '-q', '--no-install-recommends', ...names);
}

export interface SystemNeeds {
  /** The Electron binary whose libraries must be there. */
  readonly electron: string;
  /** A virtual display must be there too. */
  readonly virtualDisplay: boolean;
}

/**
 * Makes sure that Electron can start: on Linux, missing packages are installed where this is root on Debian or
 * CI is set, otherwise the Error gives the command.
 */
export async function ensureSystemPackages(needs: SystemNeeds, log: (line: string) => void): Promise<void> {
  if (process.platform !== 'linux') return;
  const linked = await run('ldd', [needs.electron]);
  const { packages, unknown } = packagesOfLibraries(parseMissingLibraries(linked.stdout));
  if (needs.virtualDisplay && !findProgram('Xvfb')) packages.push('xvfb', 'xauth');
  if (packages.length === 0 && unknown.length === 0) return;
  const command = `apt-get update && apt-get install -y --no-install-recommends ${packages.join(' ')}`;
  const mayInstall = findProgram('apt-get') !== null && (process.getuid?.() === 0 || Boolean(process.env.CI));
  if (unknown.length > 0 || !mayInstall) {
    const lines = [`Electron needs system libraries that are missing here.`];
    if (packages.length > 0) lines.push(`On Debian or Ubuntu, as root: ${command}`);
    if (unknown.length > 0) lines.push(`Libraries of no package known here: ${unknown.join(', ')}`);
    throw new Error(lines.join('\n'));
  }
  log(`system: missing ${packages.join(', ')}`);
  await install(packages, log);
}
