import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { inRepository, ROOT } from './repository.ts';

const STAMP_FOLDER = inRepository('dist', '.stamps');

/** Files that go into a bundle: every file below a folder but tests and type configurations. */
async function listInputs(path: string): Promise<string[]> {
  if ((await stat(path)).isFile()) return [path];
  const entries = await readdir(path, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile() && !/\.test\.tsx?$|^tsconfig/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Hash of the contents of all files in `paths` (files or folders, relative to the root), hex. */
export async function hashInputs(paths: readonly string[]): Promise<string> {
  const files = (await Promise.all(paths.map((path) => listInputs(inRepository(path))))).flat().sort();
  const hash = createHash('sha256');
  for (const file of files) {
    hash.update(relative(ROOT, file).split(sep).join('/'));
    hash.update('\0');
    hash.update(
      createHash('sha256')
        .update(await readFile(file))
        .digest(),
    );
  }
  return hash.digest('hex');
}

/** Runs `build` unless the same inputs were built before. Returns whether it ran. */
export async function buildWhenChanged(
  name: string,
  inputs: readonly string[],
  build: () => Promise<void>,
): Promise<boolean> {
  const stamp = join(STAMP_FOLDER, name);
  const hash = await hashInputs(inputs);
  if ((await readFile(stamp, 'utf8').catch(() => '')) === hash) return false;
  // Gone while building, so that an interrupted build is done again.
  await rm(stamp, { force: true });
  await build();
  await mkdir(STAMP_FOLDER, { recursive: true });
  await writeFile(stamp, hash);
  return true;
}
