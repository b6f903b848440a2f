import { readFile } from 'node:fs/promises';
import { settingsSchema, type Settings } from '#core/ipc/schemas.ts';
import { writeFileAtomic } from './atomicFile.ts';

/** Maps in the settings: one bad entry does not take the others with it. */
const MAPS = new Set(['hotkeys', 'modelSettings', 'gpuParity', 'modelParity', 'protectedClasses']);

/**
 * The settings as they were left; the default of each value that is not there or makes no sense, so that one bad
 * value of a file edited by hand costs itself alone.
 */
export async function readSettings(path: string): Promise<Settings> {
  let found: unknown;
  try {
    found = JSON.parse(await readFile(path, 'utf8'));
  } catch {
    return settingsSchema.parse({});
  }
  const parsed = settingsSchema.safeParse(found);
  if (parsed.success) return parsed.data;
  if (typeof found !== 'object' || found === null || Array.isArray(found)) return settingsSchema.parse({});
  const kept = structuredClone(found) as Record<string, unknown>;
  for (const { path: at } of parsed.error.issues) {
    const [key, entry] = at;
    if (typeof key !== 'string') continue;
    const map = kept[key];
    const isEntry = MAPS.has(key) && entry !== undefined && typeof map === 'object' && map !== null;
    if (isEntry) Reflect.deleteProperty(map, entry);
    else Reflect.deleteProperty(kept, key);
  }
  return settingsSchema.safeParse(kept).data ?? settingsSchema.parse({});
}

export async function writeSettings(path: string, settings: Settings): Promise<void> {
  await writeFileAtomic(path, JSON.stringify(settings, null, 2));
}
