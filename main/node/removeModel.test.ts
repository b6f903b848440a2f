import { existsSync } from 'node:fs';
import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { deleteOwnFiles, ownFilesOf } from './removeModel.ts';
import { temporaryFolder, type TemporaryFolder } from './testing/temporaryFolder.ts';

async function model(folder: TemporaryFolder, place: string, graph = 'onnx/model.onnx') {
  const onnxFile = await folder.write(`${place}/${graph}`, 'graph');
  await folder.write(`${place}/${graph}_data`, '1234567890');
  await folder.write(`${place}/config.json`, '{}');
  return { name: place, folder: join(folder.path, place), onnxFile };
}

test('a downloaded model goes with its folder', async () => {
  await using folder = await temporaryFolder();
  const own = await model(folder, 'models/acme--streets@01234567');
  const kept = await model(folder, 'models/acme--other@01234567');
  const files = await ownFilesOf(own, join(folder.path, 'models'), [kept]);
  expect(files).toEqual({ paths: [own.folder], bytes: 17 });
  await deleteOwnFiles(own, files!);
  expect([existsSync(own.folder), existsSync(kept.onnxFile)]).toEqual([false, true]);
});

test('where another file of its folder is listed, too, its graph and weights go alone', async () => {
  await using folder = await temporaryFolder();
  const other = await model(folder, 'models/a@1');
  const own = await model(folder, 'models/a@1', 'onnx/model_int8.onnx');
  const files = await ownFilesOf(own, join(folder.path, 'models'), [other]);
  expect(files).toEqual({ paths: [own.onnxFile, `${own.onnxFile}_data`], bytes: 15 });
  await deleteOwnFiles(own, files!);
  expect(existsSync(own.onnxFile)).toBe(false);
  expect([existsSync(other.onnxFile), existsSync(`${other.onnxFile}_data`)]).toEqual([true, true]);
});

test('nothing of a folder of the user is own: elsewhere, the downloads themselves, below or linked from them', async () => {
  await using folder = await temporaryFolder();
  const downloads = join(folder.path, 'models');
  await mkdir(downloads);
  const elsewhere = await model(folder, 'mine');
  expect(await ownFilesOf(elsewhere, downloads, [])).toBeNull();
  expect(await ownFilesOf({ ...elsewhere, folder: downloads }, downloads, [])).toBeNull();
  expect(await ownFilesOf(await model(folder, 'models/a/b'), downloads, [])).toBeNull();
  expect(await ownFilesOf(elsewhere, join(folder.path, 'none'), [])).toBeNull();
  await symlink(elsewhere.folder, join(downloads, 'link'));
  expect(await ownFilesOf({ ...elsewhere, folder: join(downloads, 'link') }, downloads, [])).toBeNull();
});
