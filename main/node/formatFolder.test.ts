import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openMasks } from './formatFolder.ts';
import { greyPngBytes } from './testing/imageBytes.ts';
import { temporaryFolder } from './testing/temporaryFolder.ts';

const png = greyPngBytes(2, 1, [0, 1]);
const classes = (...names: string[]) => JSON.stringify({ classes: names });

async function namesAt(path: string): Promise<string[]> {
  const { set } = await openMasks(path);
  return set.classTable.classes.slice(0, 2).map(({ name }) => name);
}

test('a folder of masks, or one of them, has the classes of the classes.json in it, or just above it', async () => {
  await using folder = await temporaryFolder();
  const at = (path: string) => join(folder.path, path);
  await folder.write('a/masks/1.png', png);
  expect(await namesAt(at('a/masks'))).toEqual(['value 0', 'value 1']);
  await folder.write('a/classes.json', classes('sky', 'road'));
  expect(await namesAt(at('a'))).toEqual(['sky', 'road']);
  expect(await namesAt(at('a/masks'))).toEqual(['sky', 'road']);
  expect(await namesAt(at('a/masks/1.png'))).toEqual(['sky', 'road']);
  await folder.write('a/masks/classes.json', classes('car', 'bus'));
  expect(await namesAt(at('a/masks'))).toEqual(['car', 'bus']);
  expect(await namesAt(at('a/masks/1.png'))).toEqual(['car', 'bus']);
});

test('a format with a layout of its own takes no classes from above it', async () => {
  await using folder = await temporaryFolder();
  await folder.write('classes.json', classes('sky', 'road'));
  await folder.write('ade/annotations/training/1.png', png);
  expect(await namesAt(join(folder.path, 'ade'))).toEqual(['wall', 'building']);
});

test('a classes.json above that cannot be used is named', async () => {
  await using folder = await temporaryFolder();
  await folder.write('classes.json', '{');
  await folder.write('masks/1.png', png);
  await expect(openMasks(join(folder.path, 'masks'))).rejects.toThrow(/^classes\.json: not JSON: /);
});
