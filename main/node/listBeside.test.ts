import { join } from 'node:path';
import { expect, test } from 'vitest';
import { listBeside } from './listBeside.ts';
import { temporaryFolder } from './testing/temporaryFolder.ts';

/** What two threads see through a program in the place of the built listWorker: `found` is a share's, as JavaScript. */
async function namesOf(found: string, threads: number): Promise<string[]> {
  await using folder = await temporaryFolder();
  const program = await folder.write(
    'worker.cjs',
    `const { parentPort, workerData: { folder, share: { index, of } } } = require('node:worker_threads');
const { names, digest } = ${found};
parentPort.postMessage({ kind: 'images', images: names.map((name) => ({ name })) });
parentPort.postMessage({ kind: 'end', found: { chosen: folder, folder, problems: [], digest } });`,
  );
  const { images } = await listBeside(program, threads)('photos');
  return images.map(({ name }) => name);
}

test('shares come in their order', async () => {
  const found = "{ names: ['a' + index, 'b' + index], digest: 'one' }";
  expect(await namesOf(found, 3)).toEqual(['a0', 'b0', 'a1', 'b1', 'a2', 'b2']);
});

test('a folder that changes between two looks is looked at again, by one thread', async () => {
  const found =
    "of === 1 ? { names: ['whole'], digest: 'now' } : { names: ['part'], digest: 'then' + index }";
  expect(await namesOf(found, 2)).toEqual(['whole']);
});

test('a thread that ends without an answer is told of', async () => {
  await using folder = await temporaryFolder();
  await expect(listBeside(join(folder.path, 'none.cjs'), 2)('photos')).rejects.toThrow('none.cjs');
});
