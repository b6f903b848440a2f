import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listImageFolder, scanImageFolder } from './imageFolder.ts';
import { jpegBytes, pngBytes } from './testing/imageBytes.ts';
import { temporaryFolder } from './testing/temporaryFolder.ts';

describe('listImageFolder', () => {
  it('lists images in natural order with their upright sizes', async () => {
    await using folder = await temporaryFolder();
    await folder.write('a10.jpg', jpegBytes({ width: 30, height: 20 }));
    await folder.write('a2.JPG', jpegBytes({ width: 30, height: 20, orientation: 6 }));
    await folder.write('b.png', pngBytes(4, 3));
    await folder.write('notes.txt', 'no image');
    const { images, problems } = await listImageFolder(folder.path);
    expect(images.map(({ name, width, height }) => [name, width, height])).toEqual([
      ['a2.JPG', 20, 30],
      ['a10.jpg', 30, 20],
      ['b.png', 4, 3],
    ]);
    expect(images[2]!.problem).toBeNull();
    expect(problems).toEqual([]);
  });

  it('takes the images folder where the folder has no images of its own', async () => {
    await using folder = await temporaryFolder();
    await folder.write('images/a.png', pngBytes(4, 3));
    await folder.write('masks/a.png', pngBytes(4, 3));
    const listing = await listImageFolder(folder.path);
    expect(listing.chosen).toBe(folder.path);
    expect(listing.folder).toBe(join(folder.path, 'images'));
    expect(listing.images.map(({ name }) => name)).toEqual(['a.png']);
  });

  it('goes into subfolders, but not into masks and hidden folders', async () => {
    await using folder = await temporaryFolder();
    for (const name of ['bonn/1.png', 'aachen/1.png', 'aachen/masks/1.png', '.trash/1.png']) {
      await folder.write(name, pngBytes(2, 2));
    }
    const { images } = await listImageFolder(folder.path);
    expect(images.map(({ name }) => name)).toEqual(['aachen/1.png', 'bonn/1.png']);
  });

  it('reads past a header longer than the first part of the file', async () => {
    await using folder = await temporaryFolder();
    const jpeg = jpegBytes({ width: 30, height: 20 });
    const comment = Uint8Array.from([0xff, 0xfe, 0xff, 0xff, ...new Array<number>(0xffff - 2).fill(32)]);
    const bytes = Buffer.concat([
      jpeg.subarray(0, 2),
      ...new Array<Uint8Array>(8).fill(comment),
      jpeg.subarray(2),
    ]);
    await folder.write('long.jpg', bytes);
    const { images } = await listImageFolder(folder.path);
    expect(images).toMatchObject([{ width: 30, height: 20, problem: null }]);
  });

  it('opens a linked folder under its real path, and follows links that stay inside', async () => {
    await using folder = await temporaryFolder();
    await folder.write('real/a.png', pngBytes(2, 2));
    await symlink(join(folder.path, 'real', 'a.png'), join(folder.path, 'real', 'b.png'));
    await symlink(join(folder.path, 'real'), join(folder.path, 'link'));
    const listing = await listImageFolder(join(folder.path, 'link'));
    expect(listing.folder).toBe(join(folder.path, 'real'));
    expect(listing.images.map(({ name, problem }) => [name, problem])).toEqual([
      ['a.png', null],
      ['b.png', null],
    ]);
  });

  it('does not list an empty images folder as images', async () => {
    await using folder = await temporaryFolder();
    await mkdir(join(folder.path, 'images'));
    const { problems } = await listImageFolder(folder.path);
    expect(problems.map(({ code }) => code)).toEqual(['folder.noImages']);
  });
});

it('shares of a folder are the whole of it, in order', async () => {
  await using folder = await temporaryFolder();
  for (let n = 1; n <= 7; n++) await folder.write(`${n}.png`, pngBytes(n, 1));
  const seen: string[] = [];
  const digests = [0, 1, 2].map((index) => {
    const share = { index, of: 3 };
    return scanImageFolder(folder.path, (part) => seen.push(...part.map(({ name }) => name)), share).digest;
  });
  expect(seen).toEqual(['1.png', '2.png', '3.png', '4.png', '5.png', '6.png', '7.png']);
  expect(new Set(digests).size).toBe(1);
  await folder.write('8.png', pngBytes(1, 1));
  expect(scanImageFolder(folder.path, () => undefined).digest).not.toBe(digests[0]);
});
