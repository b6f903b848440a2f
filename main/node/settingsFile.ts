import { settingsSchema, type Settings } from '#core/ipc/schemas.ts';
import { writeFileAtomic } from './atomicFile.ts';
import { readJson } from './readJson.ts';

/** The settings as they were left; the defaults where there are none or they cannot be read. */
export async function readSettings(path: string): Promise<Settings> {
  const found = await readJson(path, settingsSchema, { code: 'settings', subject: path }).catch(() => null);
  return found ?? settingsSchema.parse({});
}

export async function writeSettings(path: string, settings: Settings): Promise<void> {
  await writeFileAtomic(path, JSON.stringify(settings, null, 2));
}
