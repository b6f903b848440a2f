import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { inRepository } from './repository.ts';

const text = (...path: string[]) => readFile(inRepository(...path), 'utf8');
const json = async (path: string) => JSON.parse(await text(path)) as Record<string, Record<string, unknown>>;

interface Row {
  readonly point: number;
  readonly file: string;
  readonly test: string;
}

async function rows(): Promise<Row[]> {
  const lines = (await text('docs', 'security.md')).split('\n').filter((line) => /^\| \d/.test(line));
  return lines.map((line) => {
    const [, point = '', , held = ''] = line.split('|').map((cell) => cell.trim());
    const [file = '', ...rest] = held.split(': ');
    return { point: Number(point), file, test: rest.join(': ') };
  });
}

/** Names as they stand in the source: between quotes behind test( or it(, or after .each(...). */
const namesIn = (source: string) =>
  [...source.matchAll(/(?:\b(?:test|it)|\]\))\(\s*'((?:[^'\\]|\\.)*)'/g)].map((match) => match[1]!);

it('every point of the checklist has a test, and every test of the table exists', async () => {
  const table = await rows();
  const points = new Set(table.map(({ point }) => point));
  expect([...points].sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
  for (const { file, test } of table) expect(namesIn(await text(file)), `${file}: ${test}`).toContain(test);
});

it('every test of the running app’s security is in the table', async () => {
  const told = (await rows()).filter(({ file }) => file === 'e2e/security.spec.ts').map(({ test }) => test);
  const there = namesIn(await text('e2e', 'security.spec.ts'));
  expect(there.length).toBeGreaterThan(15);
  expect(there.filter((name) => !told.includes(name))).toEqual([]);
});

/** TypeScript of the app without its tests. */
async function sources(folder: string): Promise<string[]> {
  const names = await readdir(inRepository(folder), { recursive: true });
  return names
    .filter((name) => /\.tsx?$/.test(name) && !/\.test\.tsx?$/.test(name))
    .map((name) => join(folder, name));
}

it('15 no program is started through a shell, and nothing is opened in a browser', async () => {
  const forbidden =
    /openExternal|shell:\s*true|\b(execSync|execFileSync|spawnSync)\b|import\s*\{[^}]*\bexec\b[^}]*\}\s*from 'node:child_process'/;
  const found: string[] = [];
  for (const folder of ['main', 'preload', 'renderer', 'cli', 'core']) {
    for (const file of await sources(folder)) if (forbidden.test(await text(file))) found.push(file);
  }
  expect(found).toEqual([]);
});

it('16 current Electron: one exact version, the one in the lockfile', async () => {
  const wanted = (await json('package.json')).devDependencies?.electron;
  expect(wanted).toMatch(/^\d+\.\d+\.\d+$/);
  const locked = (await json('package-lock.json')).packages?.['node_modules/electron'];
  expect(locked).toMatchObject({ version: wanted });
});

it('19 fuses: the package runs as nothing but the studio', async () => {
  const config = await text('electron-builder.yml');
  expect(config).toMatch(/^asar: true$/m);
  const block = /^electronFuses:\n((?: .*\n)+)/m.exec(config)?.[1] ?? '';
  const fuses = [...block.matchAll(/^ {2}(\w+): (true|false)$/gm)].map(([, name, on]) => [
    name,
    on === 'true',
  ]);
  expect(Object.fromEntries(fuses)).toEqual({
    runAsNode: false,
    enableCookieEncryption: true,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
    grantFileProtocolExtraPrivileges: false,
  });
});
