import { execFile } from 'node:child_process';
import { copyFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { expect, test } from 'vitest';
import { temporaryFolder } from './testing/temporaryFolder.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

test('JPEG is decoded in a CommonJS bundle too, as the studio is: exports copy pictures in it', async () => {
  await using folder = await temporaryFolder();
  await build({
    stdin: {
      contents: `import { readFileSync } from 'node:fs';
        import { decodeImageFile } from './main/node/decodeImage.ts';
        decodeImageFile(new Uint8Array(readFileSync('samples/images/scene_00001.jpg')), 'scene').then(
          ({ width, height }) => console.log(width, height),
          (error) => console.log(error.message),
        );`,
      resolveDir: ROOT,
      loader: 'ts',
    },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    logOverride: { 'empty-import-meta': 'silent' },
    outfile: join(folder.path, 'bundle.cjs'),
  });
  const wasm = createRequire(import.meta.url).resolve('@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm');
  await copyFile(wasm, join(folder.path, 'mozjpeg_dec.wasm'));
  const { stdout } = await promisify(execFile)(process.execPath, [join(folder.path, 'bundle.cjs')], {
    cwd: ROOT,
  });
  expect(stdout.trim()).toBe('960 720');
});
