import { app } from 'electron';
import { join } from 'node:path';
import { userDataFolder } from './node/userDataFolder.ts';

/** Root of the app: the repository in development, the archive of a package. Bundles lie in dist/main. */
const ROOT = join(__dirname, '..', '..');
/** Real files that come with the studio: a package has them beside its archive, where the user can open them. */
const RESOURCES = app.isPackaged ? process.resourcesPath : ROOT;

/** Where things lie that come with the studio. */
export const appPaths = {
  renderer: join(ROOT, 'dist', 'renderer'),
  optimiseWorker: join(__dirname, 'optimiseWorker.cjs'),
  listWorker: join(__dirname, 'listWorker.cjs'),
  preload: join(ROOT, 'dist', 'preload', 'index.cjs'),
  samples: join(RESOURCES, 'samples'),
  catalog: join(RESOURCES, 'models', 'catalog.json'),
} as const;

/** Tells Electron where settings, projects and logs are. */
export function setUserData(): void {
  app.setPath('userData', userDataFolder());
}

/** Absolute path of something in the user's data folder. */
export function inUserData(...parts: string[]): string {
  return join(app.getPath('userData'), ...parts);
}
