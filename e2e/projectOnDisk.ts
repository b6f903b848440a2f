import { spawn, type ChildProcess } from 'node:child_process';
import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { projectPlace } from '../main/node/projectPlace.ts';
import { ROOT } from '../scripts/repository.ts';

/** The project file of an image folder in a test's user data. */
export async function projectFileOf(userData: string, imageFolder: string): Promise<string> {
  return projectPlace(join(userData, 'projects'), await realpath(imageFolder)).file;
}

/** Another process that has the project open for writing, as another studio would. */
export async function holdProject(file: string): Promise<{ pid: number; release: () => Promise<void> }> {
  const body = `
    import { ProjectStore } from './main/node/projectStore.ts';
    ProjectStore.open(${JSON.stringify(file)});
    console.log('open');
    setInterval(() => 0, 1000);`;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', body], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise<void>((resolve, reject) => {
    child.stdout.once('data', () => resolve());
    child.once('close', () => reject(new Error('the process that should hold the project has ended')));
  });
  return { pid: child.pid!, release: () => kill(child) };
}

async function kill(child: ChildProcess): Promise<void> {
  const closed = new Promise((resolve) => child.once('close', resolve));
  child.kill('SIGKILL');
  await closed;
}
