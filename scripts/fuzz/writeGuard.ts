import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { isAbsolute, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Which arguments of a function of node:fs name something that is changed. */
const WRITERS: Readonly<Record<string, readonly number[]>> = {
  writeFile: [0],
  appendFile: [0],
  mkdir: [0],
  mkdtemp: [0],
  rename: [0, 1],
  copyFile: [1],
  cp: [1],
  rm: [0],
  rmdir: [0],
  unlink: [0],
  truncate: [0],
  symlink: [1],
  link: [1],
  chmod: [0],
  chown: [0],
  utimes: [0],
};

/** What was tried outside of the folder, in order. */
export interface WriteGuard {
  readonly refused: string[];
}

const isReading = (flags: unknown) => flags === undefined || flags === 'r' || flags === 0;

function pathOf(value: unknown): string | null {
  if (typeof value === 'string') return resolve(value);
  if (value instanceof URL) return fileURLToPath(value);
  return Buffer.isBuffer(value) ? resolve(value.toString()) : null;
}

/**
 * From now on this process can change nothing outside of `folder`: every function of node:fs that names a path is
 * asked first. (Node's own permission model also forbids fsync, without which SQLite does not work.)
 */
export function guardWrites(folder: string): WriteGuard {
  const refused: string[] = [];
  const check = (name: string, value: unknown) => {
    const path = pathOf(value);
    if (path === null) return;
    const way = relative(folder, path);
    if (!way.startsWith('..') && !isAbsolute(way)) return;
    refused.push(`${name} ${path}`);
    throw Object.assign(new Error(`${name} outside of the folder: ${path}`), { code: 'EGUARDED' });
  };
  const wrap = (owner: object, key: string, name: string, at: readonly number[]) => {
    const functions = owner as Record<string, (...given: unknown[]) => unknown>;
    const original = functions[key];
    if (typeof original !== 'function') return;
    functions[key] = (...given: unknown[]) => {
      if (name !== 'open' || !isReading(given[1])) for (const index of at) check(key, given[index]);
      return original.apply(owner, given);
    };
  };
  for (const [name, at] of Object.entries({ ...WRITERS, open: [0] })) {
    wrap(fs, `${name}Sync`, name, at);
    wrap(fs, name, name, at);
    wrap(fs.promises, name, name, at);
  }
  wrap(fs, 'createWriteStream', 'createWriteStream', [0]);
  syncBuiltinESMExports();
  return { refused };
}
