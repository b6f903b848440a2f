import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** Absolute path of the repository's root. */
export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/** Absolute path of a file or folder of the repository. */
export function inRepository(...parts: string[]): string {
  return join(ROOT, ...parts);
}

/** True in the script that was started, false in one that was imported. */
export function isStartedScript(moduleUrl: string): boolean {
  const started = process.argv[1];
  return started !== undefined && pathToFileURL(started).href === moduleUrl;
}
