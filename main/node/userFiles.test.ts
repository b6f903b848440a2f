import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { settingsSchema } from '#core/ipc/schemas.ts';
import { writeFileAtomic, writeFileAtomicSync } from './atomicFile.ts';
import { readRecentProjects, rememberProject } from './recentProjects.ts';
import { SerialQueue } from './serialQueue.ts';
import { readSettings, writeSettings } from './settingsFile.ts';
import { temporaryFolder } from './testing/temporaryFolder.ts';

it('settings come back, keys of a newer version too; broken ones give the defaults', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'settings.json');
  expect(await readSettings(path)).toEqual(settingsSchema.parse({}));
  const settings = settingsSchema.parse({ theme: 'light', ofTheFuture: [1] });
  await writeSettings(path, settings);
  expect(await readSettings(path)).toEqual(settings);
  await folder.write('settings.json', '{"theme": ');
  expect((await readSettings(path)).theme).toBe('dark');
});

it('recent projects: latest first, once each, only folders that are still there', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'recent.json');
  const project = (name: string, openedAt: number) => ({ folder: join(folder.path, name), name, openedAt });
  for (const name of ['a', 'b']) await mkdir(join(folder.path, name));
  await rememberProject(path, project('a', 1));
  await rememberProject(path, project('gone', 2));
  await rememberProject(path, project('b', 3));
  await rememberProject(path, project('a', 4));
  expect(await readRecentProjects(path)).toEqual([project('a', 4), project('b', 3)]);
});

it('an atomic file replaces the old one and leaves no scraps, also when it fails', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'new/file.json');
  await writeFileAtomic(path, 'one');
  writeFileAtomicSync(path, 'two');
  expect(await readFile(path, 'utf8')).toBe('two');
  await mkdir(join(folder.path, 'taken'));
  await expect(writeFileAtomic(join(folder.path, 'taken'), 'x')).rejects.toThrow();
  expect(() => writeFileAtomicSync(join(folder.path, 'taken'), 'x')).toThrow();
  expect((await readdir(folder.path, { recursive: true })).sort()).toEqual(['new', 'new/file.json', 'taken']);
});

it('a serial queue keeps the order, and a failure holds up nothing', async () => {
  const queue = new SerialQueue();
  const done: string[] = [];
  const late = queue.run(async () => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    done.push('late');
  });
  const failed = queue.run(() => {
    done.push('failed');
    throw new Error('no');
  });
  const last = queue.run(() => done.push('last'));
  await late;
  await expect(failed).rejects.toThrow('no');
  await last;
  expect(done).toEqual(['late', 'failed', 'last']);
});
