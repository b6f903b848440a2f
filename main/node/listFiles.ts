import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Paths of everything below a folder that is not a folder itself, relative to it, with forward slashes, sorted.
 * Links are listed, not followed. (Node's own recursive readdir is missing in Electron 25.)
 */
export async function listFiles(folder: string): Promise<string[]> {
  const found: string[] = [];
  const walk = async (below: string): Promise<void> => {
    for (const entry of await readdir(join(folder, below), { withFileTypes: true })) {
      const name = below === '' ? entry.name : `${below}/${entry.name}`;
      if (entry.isDirectory()) await walk(name);
      else found.push(name);
    }
  };
  await walk('');
  return found.sort();
}
