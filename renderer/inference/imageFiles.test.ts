import { expect, test } from 'vitest';
import { ImageFiles } from './imageFiles.ts';

const image = (url: string) => ({ url, name: `${url}.png` });

test('a file is known by what is in it, and read once while it is held', async () => {
  const asked: string[] = [];
  const files = new ImageFiles((url) => {
    asked.push(url);
    return Promise.resolve(new Response(url.startsWith('same') ? 'abc' : url));
  });
  const first = await files.read(image('same-1'));
  expect(first.sha256).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  expect((await files.read(image('same-2'))).sha256).toBe(first.sha256);
  expect(await files.read(image('same-1'))).toBe(first);
  expect(asked).toEqual(['same-1', 'same-2']);
  files.clear();
  await files.read(image('same-1'));
  expect(asked).toHaveLength(3);
});

test('a file that has gone says why, and is asked for again the next time', async () => {
  let gone = true;
  const files = new ImageFiles(() =>
    Promise.resolve(gone ? new Response('ENOENT', { status: 404 }) : new Response('abc')),
  );
  await expect(files.read(image('a'))).rejects.toThrow(
    'a.png: the file cannot be read any more. ENOENT. Open the folder again',
  );
  gone = false;
  expect((await files.read(image('a'))).name).toBe('a.png');
});
