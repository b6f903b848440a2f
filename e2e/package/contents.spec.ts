import { expect, test } from '@playwright/test';
import { extractFile, getRawHeader, listPackage } from '@electron/asar';
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { catalogSchema } from '#core/models/catalog.ts';
import { readFuses } from '../../scripts/fuseWire.ts';
import { inRepository, ROOT } from '../../scripts/repository.ts';

/* What is in the package, to the last file. Runs on the unpacked package only: scripts/testPackage.ts. */

const require = createRequire(import.meta.url);
const executable = process.env.DYNASEG_PACKAGE!;
const resources = join(dirname(executable), 'resources');
const archive = join(resources, 'app.asar');

/** Paths of the files in the archive, sorted. */
function filesInArchive(): string[] {
  const names = listPackage(archive, { isPack: false }).map((name) => name.replaceAll('\\', '/').slice(1));
  return names.filter((name) => !names.some((other) => other.startsWith(`${name}/`))).sort();
}

/** Paths of the files below a folder, sorted. */
async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true });
  const isFile = await Promise.all(entries.map(async (name) => (await stat(join(folder, name))).isFile()));
  return entries.filter((_, index) => isFile[index]).sort();
}

test('the archive holds the bundles and nothing else', () => {
  const files = filesInArchive();
  const assets = files.filter((name) => name.startsWith('dist/renderer/assets/'));
  expect(files.filter((name) => !assets.includes(name))).toEqual([
    'LICENSE',
    'dist/main/index.cjs',
    'dist/main/listWorker.cjs',
    'dist/main/mozjpeg_dec.wasm',
    'dist/main/node-sqlite3-wasm.wasm',
    'dist/main/optimiseWorker.cjs',
    'dist/main/webp_dec.wasm',
    'dist/preload/index.cjs',
    'dist/renderer/index.html',
    'dist/renderer/ort/ort-wasm-simd-threaded.asyncify.mjs',
    'dist/renderer/ort/ort-wasm-simd-threaded.asyncify.wasm',
    'dist/renderer/ort/ort-wasm-simd-threaded.mjs',
    'dist/renderer/ort/ort-wasm-simd-threaded.wasm',
    'package.json',
  ]);
  // Their names carry hashes, and there are as many as the page has workers.
  expect(assets.length).toBeGreaterThan(0);
  for (const name of assets) expect(name).toMatch(/^dist\/renderer\/assets\/\w+-[\w-]{8}\.(js|css|svg)$/);
});

test('the backends are those of onnxruntime-web, the two that are used', async () => {
  const source = dirname(require.resolve('onnxruntime-web'));
  const backends = filesInArchive().filter((name) => name.startsWith('dist/renderer/ort/'));
  for (const name of backends) {
    const original = await readFile(join(source, name.slice('dist/renderer/ort/'.length)));
    expect(extractFile(archive, name).equals(original)).toBe(true);
  }
  // No second copy under another name: what is WebAssembly beside them are the decoders and SQLite.
  const large = filesInArchive().filter((name) => extractFile(archive, name).length > 5_000_000);
  expect(large).toEqual(backends.filter((name) => name.endsWith('.wasm')));
});

test('the licences of what is inside lie beside the binary', async () => {
  const text = await readFile(join(dirname(executable), 'THIRD-PARTY-NOTICES.txt'), 'utf8');
  const lock = JSON.parse(await readFile(inRepository('package-lock.json'), 'utf8')) as {
    packages: Record<string, { version?: string; dev?: boolean }>;
  };
  for (const name of ['onnxruntime-web', 'react', 'konva']) {
    expect(text).toContain(`${name} ${lock.packages[`node_modules/${name}`]!.version!}\n`);
  }
  expect(text).toContain('Permission is hereby granted');
});

test('nothing of this machine or of development is inside', () => {
  const manifest = JSON.parse(extractFile(archive, 'package.json').toString()) as Record<string, unknown>;
  expect(manifest).toMatchObject({ name: 'dynaseg-studio', main: 'dist/main/index.cjs' });
  expect(Object.keys(manifest)).not.toContain('devDependencies');
  expect(Object.keys(manifest)).not.toContain('scripts');
  for (const name of filesInArchive()) {
    const content = extractFile(archive, name);
    // With a folder of ours behind it: the repository may lie at /app, as the page's address does.
    const path = ['core', 'node_modules'].some((part) => content.includes(`${ROOT}/${part}/`));
    expect({ name, path }).toEqual({ name, path: false });
    expect({ name, test: /\.(test|spec)\.|\.map$|\.tsx?$|node_modules/.test(name) }).toEqual({
      name,
      test: false,
    });
  }
});

test('every file of the archive has the hash that integrity is checked by', () => {
  const { header } = getRawHeader(archive);
  interface Entry {
    readonly files?: Readonly<Record<string, Entry>>;
    readonly integrity?: { readonly algorithm: string; readonly hash: string };
    readonly unpacked?: boolean;
  }
  const check = (entry: Entry, path: string): number => {
    if (entry.files) {
      const parts = Object.entries(entry.files);
      return parts.reduce(
        (sum, [name, part]) => sum + check(part, path === '' ? name : `${path}/${name}`),
        0,
      );
    }
    expect(entry.unpacked ?? false).toBe(false);
    const hash = createHash('sha256').update(extractFile(archive, path)).digest('hex');
    expect({ path, algorithm: entry.integrity?.algorithm, hash: entry.integrity?.hash }).toEqual({
      path,
      algorithm: 'SHA256',
      hash,
    });
    return 1;
  };
  expect(check(header as unknown as Entry, '')).toBe(filesInArchive().length);
});

test('models and samples lie beside the archive, those of the repository', async () => {
  expect(await readdir(resources)).toEqual(['app.asar', 'models', 'samples']);
  const { models } = catalogSchema.parse(
    JSON.parse(await readFile(inRepository('models/catalog.json'), 'utf8')),
  );
  const expected = ['catalog.json'];
  for (const { path } of models) {
    expected.push(...(await filesIn(inRepository('models', path))).map((name) => `${path}/${name}`));
  }
  expect(await filesIn(join(resources, 'models'))).toEqual(expected.sort());
  for (const { path, sha256 } of models) {
    const onnx = await readFile(join(resources, 'models', path, 'onnx', 'model.onnx'));
    expect(createHash('sha256').update(onnx).digest('hex')).toBe(sha256);
  }
  expect(await filesIn(join(resources, 'samples'))).toEqual(await filesIn(inRepository('samples')));
  expect(await readdir(join(dirname(executable), 'locales'))).toEqual(['en-US.pak']);
});

test('the fuses in the binary are set', async () => {
  const fuses = await readFuses(executable);
  const expected = {
    RunAsNode: 'off',
    EnableCookieEncryption: 'on',
    EnableNodeOptionsEnvironmentVariable: 'off',
    EnableNodeCliInspectArguments: 'off',
    EnableEmbeddedAsarIntegrityValidation: 'on',
    OnlyLoadAppFromAsar: 'on',
    GrantFileProtocolExtraPrivileges: 'off',
  };
  // Electron 29 brought the last of them; the runtime of the npm registry is older.
  const known = Object.entries(expected).filter(([name]) => fuses.has(name));
  expect(known.length).toBeGreaterThanOrEqual(6);
  for (const [name, state] of known) expect({ name, state: fuses.get(name) }).toEqual({ name, state });
});
