import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { settingsSchema } from '#core/ipc/schemas.ts';
import { readSettings, writeSettings } from './settingsFile.ts';
import { temporaryFolder } from './testing/temporaryFolder.ts';

const defaults = settingsSchema.parse({});

describe('the settings', () => {
  it('come back as they were left, with keys of a newer version', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'settings.json');
    const left = { ...defaults, hotkeys: { 'tool.brush': ['KeyX'] }, palette: 'safe' as const, newer: 1 };
    await writeSettings(path, left);
    expect(await readSettings(path)).toEqual(left);
  });

  it('lose a bad value alone, and of the keys a bad entry alone', async () => {
    await using folder = await temporaryFolder();
    const hotkeys = { 'tool.brush': ['KeyX'], 'tool.fill': ['not a key'], undo: 3 };
    const path = await folder.write(
      'settings.json',
      JSON.stringify({ theme: 'pink', brushSize: 40, palette: 'safe', hotkeys }),
    );
    expect(await readSettings(path)).toEqual({
      ...defaults,
      brushSize: 40,
      palette: 'safe',
      hotkeys: { 'tool.brush': ['KeyX'] },
    });
  });

  it.each(['', '[1]', '{"theme":'])('are the defaults where the file is %j', async (text) => {
    await using folder = await temporaryFolder();
    expect(await readSettings(await folder.write('settings.json', text))).toEqual(defaults);
    expect(await readSettings(join(folder.path, 'none.json'))).toEqual(defaults);
  });
});
