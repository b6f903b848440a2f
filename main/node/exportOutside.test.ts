import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { FORMATS } from '#core/formats/formatRegistry.ts';
import { createClassTable } from '#core/labels/classTable.ts';
import { runExport, type ExportSource } from './exportRunner.ts';
import { pngBytes } from './testing/imageBytes.ts';
import { temporaryFolder } from './testing/temporaryFolder.ts';

const OUTSIDE = ['../../escaped.jpg', '/escaped.jpg', 'a/../../../escaped.jpg', '..\\..\\escaped.jpg'];

function source(folder: string, names: readonly string[]): ExportSource {
  return {
    projectName: 'from a stranger',
    imageFolder: join(folder, 'images'),
    classTable: createClassTable(['road', 'sky']),
    images: names.map((name, index) => ({ id: index + 1, name })),
    readMask: () =>
      Promise.resolve({ classMap: { width: 2, height: 1, ids: Uint8Array.of(0, 1) }, origin: null }),
  };
}

it.each(FORMATS.filter(({ fixedClasses }) => !fixedClasses).map(({ id }) => id))(
  'an export as %s writes nothing outside of its folder, whatever a project calls its images',
  async (format) => {
    await using folder = await temporaryFolder();
    await mkdir(join(folder.path, 'deep', 'er'), { recursive: true });
    await folder.write('images/good.png', pngBytes(2, 1));
    const out = join(folder.path, 'deep', 'er', 'out');
    const result = await runExport(source(folder.path, [...OUTSIDE, 'good.png']), { folder: out, format });
    expect(result.written).toBe(1);
    expect(result.problems.filter(({ code }) => code === 'export.outside')).toHaveLength(OUTSIDE.length);
    expect((await readdir(folder.path)).sort()).toEqual(['deep', 'images']);
    expect(await readdir(join(folder.path, 'deep'))).toEqual(['er']);
    expect(await readdir(join(folder.path, 'deep', 'er'))).toEqual(['out']);
  },
);

it('says why, where every image is named so', async () => {
  await using folder = await temporaryFolder();
  const work = runExport(source(folder.path, ['../x.jpg']), { folder: join(folder.path, 'out') });
  await expect(work).rejects.toThrow(
    'image "../x.jpg": leads out of the image folder, and was left out. No studio writes such names: do not trust the project file',
  );
});

it('an export that goes on removes nothing outside, whatever the notes of the killed one say', async () => {
  await using folder = await temporaryFolder();
  const precious = await folder.write('precious.txt', 'mine');
  const line = { path: '../precious.txt', key: 'k', sha256: 'a', bytes: 4 };
  await folder.write('.out.part/.journal.jsonl', `${JSON.stringify(line)}\n`);
  await runExport(source(folder.path, ['good.png']), { folder: join(folder.path, 'out') });
  expect(await readFile(precious, 'utf8')).toBe('mine');
});
